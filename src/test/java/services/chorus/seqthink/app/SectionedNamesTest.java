package services.chorus.seqthink.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.cli.DoorFiles;
import services.chorus.seqthink.config.Sources;

/** Names in the environment with our prefix. */
class SectionedNamesTest {

    @TempDir Path folder;
    Map<String, String> environment;
    Judged judged;

    @BeforeEach
    void startFromAGoodOne() throws IOException {
        environment = DoorFiles.in(folder).environment();
        judged = new Judged(environment);
    }

    @Test
    void areAFaultWhenUnknown() {
        environment.put("SEQTHINK_MCP_TIMOUT", "7s");
        environment.put("SEQTHINK_SOMETHING_ELSE_ALTOGETHER", "7s");

        assertThat(judged.lines())
                .containsExactly(
                        "SEQTHINK_MCP_TIMOUT is not the name of a setting: set SEQTHINK_MCP_TIMEOUT instead, or unset it",
                        "SEQTHINK_SOMETHING_ELSE_ALTOGETHER is not the name of a setting: unset it");
    }

    @Test
    void setPlacesInTables() {
        environment.put("SEQTHINK_POLICY_RULE_0__TOOL", "read");
        environment.put("SEQTHINK_POLICY_RULE_0__SCOPES", "a,b");
        environment.put("SEQTHINK_POLICY_RULE_0__WHEN_0__POINTER", "/path");
        environment.put("SEQTHINK_POLICY_RULE_0__WHEN_0__EQUALS", "\"x\"");
        assertThat(judged.usable().rules().rules())
                .singleElement()
                .satisfies(
                        rule -> {
                            assertThat(rule.tool()).hasValue("read");
                            assertThat(rule.scopes()).hasValue(List.of("a", "b"));
                            assertThat(rule.conditions()).hasSize(1);
                        });

        environment.put("SEQTHINK_POLICY_RULE_0__WHEN_0__POINT", "/path");
        environment.put("SEQTHINK_POLICY_RULE_0__TOOL_0_", "read");
        assertThat(judged.faultyVariables())
                .containsExactly(
                        "SEQTHINK_POLICY_RULE_0__TOOL_0_", "SEQTHINK_POLICY_RULE_0__WHEN_0__POINT");
    }

    @Test
    void cannotEmptyAValueOfTheFile() throws IOException {
        Path file =
                Files.writeString(
                        folder.resolve("seqthink.toml"),
                        """
                        [[policy.issuer]]
                        name = "https://other.example"
                        audience = "door"
                        jwks-url = "https://other.example/jwks"
                        deny-url = "https://other.example/revoked"

                        [[policy.rule]]
                        tool = "write"
                        scopes = ["admin"]
                          [[policy.rule.when]]
                          pointer = "/bytes"
                          least = 0
                          most = 10
                        """);
        environment.put("CONFIG_PATH", file.toString());
        environment.put("SEQTHINK_POLICY_ISSUER_0__DENY_URL", "");
        environment.put("SEQTHINK_POLICY_RULE_0__SCOPES", ",");
        environment.put("SEQTHINK_POLICY_RULE_0__SCOPES_0_", "");
        environment.put("SEQTHINK_POLICY_RULE_0__WHEN_0__MOST", " ");
        environment.put("seqthink_policy_rule_0__tool", "");

        assertThat(judged.lines())
                .contains(
                        "SEQTHINK_POLICY_RULE_0__SCOPES is set but empty: set it to a value, or"
                                + " unset it");
        assertThat(judged.faultyVariables())
                .contains(
                        "SEQTHINK_POLICY_ISSUER_0__DENY_URL",
                        "SEQTHINK_POLICY_RULE_0__SCOPES",
                        "SEQTHINK_POLICY_RULE_0__SCOPES_0_",
                        "SEQTHINK_POLICY_RULE_0__WHEN_0__MOST",
                        "seqthink_policy_rule_0__tool");
        Map<String, String> properties = Map.of("seqthink.policy.rule[0].scopes[0]", "");
        assertThat(Configuration.read(new Sources(Map.of(), properties)).faultsOfSources())
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SEQTHINK_POLICY_TOOL_SCOPES",
                "SEQTHINK_POLICY_DENY_URLS",
                "SEQTHINK_POLICY_REQUIRED_SCOPE",
                "SEQTHINK_POLICY_RULE_0__SCOPES",
                "seqthink_policy_rule_0__scopes"
            })
    void areNotExpanded(String name) {
        environment.put("SEQTHINK_POLICY_RULE_0__TOOL", "write");
        environment.put(name, "${NOT_PUT_IN}");

        assertThat(judged.lines())
                .containsExactly(
                        name
                                + " contains ${, and references are not expanded: write the value itself; if it really contains ${, set it in the TOML file");
    }

    @Test
    void areIgnoredWhenKubernetesSetsThemForAService() {
        environment.put("SEQTHINK_SERVICE_HOST", "10.0.0.1");
        environment.put("SEQTHINK_SERVICE_PORT", "80");
        environment.put("SEQTHINK_SERVICE_PORT_HTTP", "80");
        environment.put("SEQTHINK_PORT", "tcp://10.0.0.1:80");
        environment.put("SEQTHINK_PORT_80_TCP_ADDR", "10.0.0.1");
        environment.put("SEQTHINK_DOOR_SERVICE_HOST", "10.0.0.2");
        environment.put("SEQTHINK_DOOR_PORT", "tcp://10.0.0.2:80");
        assertThat(judged.lines()).isEmpty();

        environment.remove("SEQTHINK_DOOR_SERVICE_HOST");
        assertThat(judged.faultyVariables()).containsExactly("SEQTHINK_DOOR_PORT");
    }
}

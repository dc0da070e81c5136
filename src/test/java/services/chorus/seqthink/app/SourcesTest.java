package services.chorus.seqthink.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import services.chorus.seqthink.cli.DoorFiles;
import services.chorus.seqthink.config.Fault;
import services.chorus.seqthink.config.Sources;
import services.chorus.seqthink.http.GatewayConfig;
import services.chorus.seqthink.policy.IssuerSettings;

/** The precedence of the sources, and how each is read. */
class SourcesTest {

    @TempDir Path folder;
    Map<String, String> environment;
    Judged judged;

    @BeforeEach
    void startFromAGoodOne() throws IOException {
        environment = DoorFiles.in(folder).environment();
        judged = new Judged(environment);
    }

    @Test
    void readsAndChecksSectionedNames() {
        environment.put("SEQTHINK_MCP_TIMEOUT", "7s");
        environment.put("SEQTHINK_SEALING_REQUIRE_BOUND", "true");
        assertThat(judged.usable().mcp().timeout()).isEqualTo(Duration.ofSeconds(7));

        environment.put("SEQTHINK_MCP_TIMEOUT", "soon");
        environment.put("SEQTHINK_SEALING_REQUIRE_BOUND", "");
        environment.remove("AGE_IDENT_PATH");
        environment.put("SEQTHINK_SEALING_IDENTITIES", "");
        assertThat(judged.faultyVariables())
                .containsExactlyInAnyOrder("MCP_TIMEOUT", "REQUIRE_BOUND", "AGE_IDENT_PATH");
    }

    @Test
    void reportsFaultsOfEverySource() {
        environment.put("PORT_REST", "many");
        Sources sources = new Sources(environment, Map.of("seqthink.mcp.timeout", "soon"));

        assertThat(Configuration.of(sources))
                .isInstanceOfSatisfying(
                        Configuration.Faulty.class,
                        faulty ->
                                assertThat(faulty.faults())
                                        .extracting(Fault::variable)
                                        .containsExactlyInAnyOrder("PORT", "MCP_TIMEOUT"));
    }

    @Test
    void prefersTheFlatNameToTheSectionedForm() {
        environment.put("MCP_TIMEOUT", "8s");
        environment.put("SEQTHINK_MCP_TIMEOUT", "7s");

        assertThat(judged.usable().mcp().timeout()).isEqualTo(Duration.ofSeconds(8));
    }

    @Test
    void prefersSystemPropertiesToAnyName() {
        environment.put("MCP_TIMEOUT", "8s");
        environment.remove("PUBLIC_URL");
        Sources sources =
                new Sources(
                        environment,
                        Map.of(
                                "seqthink.mcp.timeout", "9s",
                                "seqthink.gateway.public-url", "https://other.example"));

        assertThat(Configuration.of(sources))
                .isInstanceOfSatisfying(
                        Configuration.Usable.class,
                        usable -> {
                            assertThat(usable.mcp().timeout()).isEqualTo(Duration.ofSeconds(9));
                            assertThat(usable.gateway().publicUrl())
                                    .hasValue(URI.create("https://other.example"));
                        });
    }

    @Test
    void readsATableOfIssuersFromTheEnvironmentAndFromProperties() {
        List.of("KACHING_JWKS_URL", "JWT_ISSUER", "JWT_AUDIENCE").forEach(environment::remove);
        environment.put("SEQTHINK_POLICY_ISSUER_0__NAME", "https://a.example");
        environment.put("SEQTHINK_POLICY_ISSUER_0__AUDIENCE", "door");
        environment.put("SEQTHINK_POLICY_ISSUER_0__JWKS_URL", "https://a.example/jwks");
        environment.put("SEQTHINK_POLICY_ISSUER_0__ALGORITHMS", "ES256,EdDSA");
        assertThat(issuers(judged.usable())).containsExactly("https://a.example");

        Map<String, String> properties =
                Map.of(
                        "seqthink.policy.issuer[1].name", "https://b.example",
                        "seqthink.policy.issuer[1].audience", "door",
                        "seqthink.policy.issuer[1].jwks-url", "https://b.example/jwks",
                        "seqthink.policy.issuer[1].algorithms[0]", "ES256");
        assertThat(Configuration.of(new Sources(environment, properties)))
                .isInstanceOfSatisfying(
                        Configuration.Usable.class,
                        usable ->
                                assertThat(issuers(usable))
                                        .containsExactly("https://a.example", "https://b.example"));

        environment.put("SEQTHINK_POLICY_ISSUER_0__ALGORITHMS", "none");
        assertThat(judged.faultyVariables())
                .containsExactly("SEQTHINK_POLICY_ISSUER_0__ALGORITHMS");
    }

    private static List<String> issuers(Configuration.Usable usable) {
        return IssuerSettings.names(usable.policy());
    }

    @Test
    void prefersPortToPortRestAndReadsPortRestAlone() {
        environment.put("PORT_REST", "9000");
        assertThat(judged.usable().gateway().port()).isEqualTo(9000);
        assertThat(port()).isEqualTo(9000);

        environment.put("PORT", "9001");
        assertThat(judged.usable().gateway().port()).isEqualTo(9001);
        assertThat(port()).isEqualTo(9001);

        environment.put("PORT", "");
        assertThat(judged.lines()).singleElement().asString().startsWith("PORT is set but empty");
    }

    private int port() {
        return Configuration.read(new Sources(environment, Map.of()))
                .section(GatewayConfig.class)
                .port();
    }

    @Test
    void reportsUnknownProperties() {
        Map<String, String> properties =
                Map.of(
                        "seqthink.mcp.timout", "7s",
                        "seqthink.policy.issuers[0]", "https://evil.example",
                        "seqthink.policy.is-off", "true",
                        "seqthink.policy.rule[0].tool[0]", "read",
                        "other.mcp.timout", "7s");

        assertThat(Configuration.of(new Sources(environment, properties)))
                .isInstanceOfSatisfying(
                        Configuration.Faulty.class,
                        faulty ->
                                assertThat(faulty.faults())
                                        .extracting(Fault::line)
                                        .containsExactly(
                                                "seqthink.mcp.timout is not the name of a setting: set"
                                                        + " seqthink.mcp.timeout instead, or unset it",
                                                "seqthink.policy.is-off is not the name of a setting: unset it",
                                                "seqthink.policy.issuers[0] is not the name of a setting: set"
                                                        + " seqthink.policy.issuers instead, or unset it",
                                                "seqthink.policy.rule[0].tool[0] is not the name of a setting:"
                                                        + " unset it"));
    }

    @Test
    void replacesAListThatALowerSourceWritesInTheOtherForm() {
        Map<String, String> properties =
                Map.of(
                        "seqthink.policy.rule[0].tool", "read",
                        "seqthink.policy.rule[0].scopes[0]", "a",
                        "seqthink.policy.rule[1].tool", "write",
                        "seqthink.policy.rule[1].scopes", "b,c");
        environment.put("SEQTHINK_POLICY_RULE_0__SCOPES", "x,y");
        environment.put("SEQTHINK_POLICY_RULE_1__SCOPES_0_", "x");
        environment.put("SEQTHINK_POLICY_RULE_1__SCOPES_1_", "y");

        assertThat(Configuration.of(new Sources(environment, properties)))
                .isInstanceOfSatisfying(
                        Configuration.Usable.class,
                        usable ->
                                assertThat(usable.rules().rules())
                                        .extracting(rule -> rule.scopes().orElseThrow())
                                        .containsExactly(List.of("a"), List.of("b", "c")));
    }

    @Test
    void takesValuesAsTheyAreWrittenWithoutExpandingThem() {
        environment.put("JWT_ISSUER", "https://issuer.example/${nothing}");
        environment.put("JWT_AUDIENCE", "${PORT:one}$two$${three}$");

        assertThat(judged.usable().policy().issuers())
                .hasValue(List.of("https://issuer.example/${nothing}"));
        assertThat(judged.usable().policy().audiences())
                .hasValue(List.of("${PORT:one}$two$${three}$"));
    }
}

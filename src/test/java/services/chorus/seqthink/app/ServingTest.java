package services.chorus.seqthink.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.PropertiesConfigSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import services.chorus.seqthink.policy.PolicyConfig;
import services.chorus.seqthink.policy.rules.RulesConfig;

/** What Quarkus finds by its service loader, at build time and when it serves. */
class ServingTest {

    @TempDir Path folder;
    Path file;

    @BeforeEach
    void nameAFile() throws IOException {
        file = Files.writeString(folder.resolve("seqthink.toml"), "[mcp]\ntimeout = '7s'");
        System.setProperty(TomlFile.PATH.property(), file.toString());
    }

    @AfterEach
    void serveNoMore() {
        System.clearProperty(TomlFile.PATH.property());
        System.clearProperty(Serving.PROPERTY);
    }

    @Test
    void aBuildFindsNothing() {
        assertThat(Serving.sources().environment()).isEmpty();
        assertThat(new TomlSource().getProperties()).isEmpty();
        assertThat(new VariableSource().getProperties()).isEmpty();
        assertThat(new VariableSource.Port().getProperties()).isEmpty();
    }

    @Test
    void aServiceFindsItsFileAndItsEnvironment() {
        Serving.begin(Sources.ofThisProcess());

        assertThat(Serving.sources().environment()).isEqualTo(System.getenv());
        assertThat(new TomlSource().getProperties())
                .isEqualTo(Map.of("seqthink.mcp.timeout", "7s"));
    }

    @Test
    void aServiceStopsWhereItsFileBrokeSinceItWasJudged() throws IOException {
        Serving.begin(Sources.ofThisProcess());
        Files.writeString(file, "[mcp]\ntimout = '7s'");

        assertThatThrownBy(TomlSource::new)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("mcp.timout in " + file);
    }

    @Test
    void aServiceIsToldNothingThatWasNotJudged() throws IOException {
        Files.writeString(file, "[[policy.rule]]\ntool = 'x'\nscopes = ['admin']");
        Map<String, String> environment = Map.of("SEQTHINK_POLICY_RULE_0__WHEN_0__PREFIX", "/srv/");
        Sources judged =
                new Sources(environment, Map.of(TomlFile.PATH.property(), file.toString()));
        Serving.begin(judged);

        assertThat(
                        Serving.isAsJudged(
                                judged.builder()
                                        .withMapping(PolicyConfig.class)
                                        .withMapping(RulesConfig.class)
                                        .build()))
                .isTrue();
        assertThat(Serving.isAsJudged(judged.builder().build())).isTrue();
        for (String unjudged :
                List.of(
                        "seqthink.gateway.insecure-dev",
                        "seqthink.policy.rule[0].scopes",
                        "seqthink.policy.rule[1].tool",
                        "seqthink.policy.deny-urls")) {
            var elsewhere = new PropertiesConfigSource(Map.of(unjudged, "true"), ".env", 299);
            assertThat(Serving.isAsJudged(judged.builder().withSources(elsewhere).build()))
                    .as(unjudged)
                    .isFalse();
        }
        Files.delete(file);
        Sources without = new Sources(environment, Map.of());
        assertThat(Serving.isAsJudged(without.builder().build())).isFalse();
    }
}

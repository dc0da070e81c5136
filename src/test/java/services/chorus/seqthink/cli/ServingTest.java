package services.chorus.seqthink.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
        Serving.begin();

        assertThat(Serving.sources().environment()).isEqualTo(System.getenv());
        assertThat(new TomlSource().getProperties())
                .isEqualTo(Map.of("seqthink.mcp.timeout", "7s"));
    }

    @Test
    void aServiceStopsWhereItsFileBrokeSinceItWasJudged() throws IOException {
        Files.writeString(file, "[mcp]\ntimout = '7s'");
        Serving.begin();

        assertThatThrownBy(TomlSource::new)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("mcp.timout in " + file);
    }
}

package services.chorus.seqthink.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import services.chorus.seqthink.app.Configuration;

class TomlFileTest {

    @TempDir Path folder;

    @Test
    void acceptsEveryVariableExceptItsOwnPath() throws IOException {
        Catalogue catalogue = Configuration.CATALOGUE;
        assertThat(catalogue.inFile()).hasSize(catalogue.variables().size() - 1);
        Path path = folder.resolve("seqthink.toml");
        for (Variable variable : catalogue.inFile()) {
            int end = variable.key().lastIndexOf('.');
            Files.writeString(
                    path,
                    "[%s]\n%s = \"x\""
                            .formatted(
                                    variable.key().substring(0, end),
                                    variable.key().substring(end + 1)));

            assertThat(TomlFile.read(catalogue, Optional.of(path.toString())))
                    .isEqualTo(
                            new TomlFile(path, true, Map.of(variable.property(), "x"), List.of()));
        }
    }
}

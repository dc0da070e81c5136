package services.chorus.seqthink.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import services.chorus.seqthink.testing.Service;

/** The JVM's folder for temporary files need not be writable; the native image's is not checked. */
class ReadOnlyFileSystemIT {

    @TempDir Path folder;

    @Test
    void startsWithoutAComplaint() throws Exception {
        // where Vert.x would unpack files: no folder can be made of a file, whoever runs this
        Files.createFile(folder.resolve("vertx-cache"));
        Map<String, String> environment =
                Map.of("INSECURE_DEV", "true", "JAVA_TOOL_OPTIONS", "-Djava.io.tmpdir=" + folder);

        try (Service service = Service.start("ReadOnlyFileSystemIT", environment)) {
            assertThat(service.log())
                    .filteredOn(line -> line.contains("WARN") || line.contains("ERROR"))
                    .allMatch(line -> line.contains("INSECURE_DEV"));
        }
    }
}

package services.chorus.seqthink.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every way to run the service bounds its heap and ends the process when that is full; what this
 * does is shown with the packaged service.
 */
class OutOfMemoryOptionsTest {

    @ParameterizedTest
    @CsvSource({
        "deploy/seqthink-wrapper, -XX:MaxRAMPercentage=, -XX:+ExitOnOutOfMemoryError",
        "src/main/docker/java.options, -XX:MaxRAMPercentage=, -XX:+ExitOnOutOfMemoryError",
        "src/main/docker/Dockerfile.jvm, @/opt/seqthink/java.options, ENTRYPOINT",
        "deploy/seqthink/DEPLOYMENT.md, -Xmx256m, -XX:+ExitOnOutOfMemoryError -jar",
        "src/main/resources/META-INF/native-image/services.chorus/seqthink-wrapper/native-image.properties,"
                + " -R:MaximumHeapSizePercent=, -R:+ExitOnOutOfMemoryError",
    })
    void boundsTheHeapAndExits(Path file, String bound, String exit) throws IOException {
        assertThat(Files.readAllLines(file).stream().filter(line -> !line.startsWith("#")))
                .anyMatch(line -> line.contains(bound))
                .anyMatch(line -> line.contains(exit));
    }
}

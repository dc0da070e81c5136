package services.chorus.seqthink.issuer.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import services.chorus.seqthink.testing.HandMovedClock;
import services.chorus.seqthink.testing.LogWatch;

class LiveDocumentTest {

    private final HandMovedClock clock = new HandMovedClock();

    @TempDir Path folder;

    record Document(List<String> names) {}

    @Test
    void logsOnceThatItsFileCannotBeReadUntilThatChanges() throws IOException {
        Path path = Files.writeString(folder.resolve("file.json"), "{\"names\":[\"one\"]}");
        LiveDocument<Document> live =
                new LiveDocument<>(
                        new StoreFile<>(path, Document.class),
                        new Document(List.of()),
                        "names",
                        clock);

        for (int time = 1; time <= 2; time++) {
            Path away = Files.move(path, folder.resolve("away"));
            Files.createDirectory(path);
            assertThat(linesOfManyReads(live))
                    .singleElement()
                    .asString()
                    .contains("The last good names stay in use", "cannot be read");

            Files.delete(path);
            Files.move(away, path);
            assertThat(linesOfManyReads(live)).isEmpty();
        }
    }

    private List<String> linesOfManyReads(LiveDocument<Document> live) {
        try (LogWatch log = new LogWatch()) {
            for (int look = 0; look < 5; look++) {
                clock.advance(Duration.ofSeconds(2));
                assertThat(live.current().names()).containsExactly("one");
            }
            return log.lines().stream().filter(line -> line.contains("LiveDocument")).toList();
        }
    }
}

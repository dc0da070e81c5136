package services.chorus.seqthink.audit;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import services.chorus.seqthink.audit.SegmentedFile.Segments;
import services.chorus.seqthink.telemetry.Meters;

/** Writes logs for the tests of other packages. */
public final class WrittenLog {

    private WrittenLog() {}

    /** Files of a log that was written and ended; the second begins with a decision. */
    public static List<Path> ofTwoFiles(Path path, Path key) throws IOException {
        Segments segments = new Segments(path);
        try (AuditLog log =
                AuditLog.open(
                        new LogConfig(path, key, 1),
                        "1.0",
                        InstantSource.system(),
                        new Meters(new SimpleMeterRegistry()))) {
            while (segments.inOrder().size() < 2) {
                CompletableFuture.allOf(
                                Stream.generate(() -> log.record(Logs.decision("tool".repeat(30))))
                                        .limit(100)
                                        .map(CompletionStage::toCompletableFuture)
                                        .toArray(CompletableFuture[]::new))
                        .join();
            }
        }
        return segments.inOrder();
    }
}

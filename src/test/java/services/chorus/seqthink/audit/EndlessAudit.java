package services.chorus.seqthink.audit;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.InstantSource;
import services.chorus.seqthink.telemetry.Meters;

/** A process that writes records, and prints each when it is written, until it is killed. */
final class EndlessAudit {

    private EndlessAudit() {}

    public static void main(String... args) throws Exception {
        AuditLog log =
                AuditLog.open(
                        new LogConfig(Path.of(args[0]), Path.of(args[1]), 64),
                        "1.0",
                        InstantSource.system(),
                        new Meters(new SimpleMeterRegistry()));
        for (long i = 0; ; i++) {
            String tool = "%d-%d.".formatted(ProcessHandle.current().pid(), i);
            log.record(Logs.decision(tool))
                    .thenRun(() -> System.out.println(tool))
                    .toCompletableFuture()
                    .get();
        }
    }
}

package services.chorus.seqthink.audit;

import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import services.chorus.seqthink.telemetry.Meters;

/** A required audit log on a disk that a test can fill. */
@Alternative
@Singleton
public final class FailingAudit {

    private final FlakySink sink = new FlakySink();

    @Produces
    @Singleton
    AuditLog log(InstantSource clock, Meters meters) throws IOException {
        RecordChain chain = Logs.chain(ChainHead.NONE, Optional.empty());
        WritePace pace = new WritePace(100, 1000, Duration.ofHours(1), Duration.ofMillis(20), true);
        AuditWriter writer = new AuditWriter(sink, chain, pace, clock, meters, Optional::empty);
        writer.start("1.0", Tail.NONE);
        return new AuditLog(List.of(writer), Optional.empty(), true, meters);
    }

    public void fillDisk() {
        sink.leaveRoom(0);
    }

    public void freeDisk() {
        sink.leaveRoom(Integer.MAX_VALUE);
    }

    public List<String> lines() {
        return sink.lines();
    }
}

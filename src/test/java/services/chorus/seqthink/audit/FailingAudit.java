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

/** A log that records are required of, on a disk that a test can fill. */
@Alternative
@Singleton
public final class FailingAudit {

    private final FlakySink sink = new FlakySink();

    @Produces
    @Singleton
    AuditLog log(InstantSource clock, Meters meters) throws IOException {
        Chain chain = Logs.chain(Head.NONE, Optional.empty());
        Pace pace = new Pace(100, 1000, Duration.ofHours(1), Duration.ofMillis(20), true);
        byte[] start = chain.start(clock.instant(), "1.0", Optional.empty());
        Trail trail = Trail.begin(sink, chain, start, pace, clock, meters, Optional::empty);
        return new AuditLog(List.of(trail), Optional.empty(), true, meters);
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

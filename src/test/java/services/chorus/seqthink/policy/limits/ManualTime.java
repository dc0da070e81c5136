package services.chorus.seqthink.policy.limits;

import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that a test moves. */
final class ManualTime implements InstantSource, TimeMeter {

    private volatile Instant now = Instant.parse("2030-01-01T00:00:00Z");

    void pass(Duration time) {
        now = now.plus(time);
    }

    /** The clock of a machine that is ahead by the given offset. */
    TimeMeter ahead(Duration by) {
        return new TimeMeter() {
            @Override
            public long currentTimeNanos() {
                return ManualTime.this.currentTimeNanos() + by.toNanos();
            }

            @Override
            public boolean isWallClockBased() {
                return true;
            }
        };
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public long currentTimeNanos() {
        return now.toEpochMilli() * 1_000_000;
    }

    @Override
    public boolean isWallClockBased() {
        return true;
    }
}

package services.chorus.seqthink.issuer;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that moves only by hand. */
final class HandClock implements InstantSource {

    private volatile Instant now = Instant.parse("2030-01-01T00:00:00Z");

    @Override
    public Instant instant() {
        return now;
    }

    void advance(Duration duration) {
        now = now.plus(duration);
    }
}

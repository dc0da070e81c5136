package services.chorus.seqthink.sealing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Which {@code issued_at} are taken.
 *
 * @param window how far back from now
 * @param ahead how far ahead of now, for senders whose clocks are
 * @param since requests issued earlier, or within the same second, are refused: where nothing was
 *     remembered before this moment, they may have been answered before
 */
public record Freshness(Duration window, Duration ahead, Instant since, InstantSource clock) {

    /** How far ahead a clock may be where nobody remembers what was taken before a restart. */
    static final Duration AHEAD_WITHOUT_MEMORY = Duration.ofSeconds(2);

    /** For a door whose memory of requests outlives it. */
    public static Freshness always(Duration window, InstantSource clock) {
        return new Freshness(window, window, Instant.EPOCH, clock);
    }

    /**
     * For a door that remembers no request from before it started: whatever was taken by then was
     * issued before this begins.
     */
    public static Freshness from(Instant started, Duration window, InstantSource clock) {
        return new Freshness(
                window, AHEAD_WITHOUT_MEMORY, started.plus(AHEAD_WITHOUT_MEMORY), clock);
    }

    /** Whether a request that is issued now is taken. */
    public boolean begun() {
        return clock.instant().getEpochSecond() > since.getEpochSecond();
    }

    /**
     * Judges a request's time.
     *
     * @param issuedAt seconds since 1970
     */
    Optional<Refusal> refusal(long issuedAt) {
        long now = clock.instant().getEpochSecond();
        boolean fresh =
                issuedAt >= now - window.toSeconds()
                        && issuedAt <= now + ahead.toSeconds()
                        && issuedAt > since.getEpochSecond();
        return fresh ? Optional.empty() : Optional.of(Refusal.stale(now, window.toSeconds()));
    }
}

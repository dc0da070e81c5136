package services.chorus.seqthink.sealing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Which {@code issued_at} are taken.
 *
 * @param window how far from now, either way
 * @param since requests issued earlier, or within the same second, are refused: where nothing was
 *     remembered before this moment, they may have been answered before
 */
public record Freshness(Duration window, Instant since, InstantSource clock) {

    /** For a door whose memory of requests outlives it. */
    public static Freshness always(Duration window, InstantSource clock) {
        return new Freshness(window, Instant.EPOCH, clock);
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
                Math.abs(now - issuedAt) <= window.toSeconds() && issuedAt > since.getEpochSecond();
        return fresh ? Optional.empty() : Optional.of(Refusal.stale(now, window.toSeconds()));
    }
}

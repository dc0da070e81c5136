package services.chorus.seqthink.sealing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Decides which {@code issued_at} are accepted.
 *
 * @param window the greatest age of a request
 * @param ahead how far the sender's clock may be ahead
 * @param since requests issued earlier, or in the same second, are rejected: they may be replays
 *     when no request ids are remembered from before
 */
public record Freshness(Duration window, Duration ahead, Instant since, InstantSource clock) {

    /** How far ahead a clock may be when request ids are lost with a restart. */
    static final Duration AHEAD_WITHOUT_MEMORY = Duration.ofSeconds(2);

    /** For a gateway that remembers request ids across restarts. */
    public static Freshness always(Duration window, InstantSource clock) {
        return new Freshness(window, window, Instant.EPOCH, clock);
    }

    /**
     * For a gateway that forgets request ids when it restarts: accepts only requests that were
     * issued after every request that could have been accepted before the start.
     */
    public static Freshness from(Instant started, Duration window, InstantSource clock) {
        return new Freshness(
                window, AHEAD_WITHOUT_MEMORY, started.plus(AHEAD_WITHOUT_MEMORY), clock);
    }

    /** Whether a request that is issued now is accepted. */
    public boolean begun() {
        return clock.instant().getEpochSecond() > since.getEpochSecond();
    }

    /**
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

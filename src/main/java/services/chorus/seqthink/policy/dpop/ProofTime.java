package services.chorus.seqthink.policy.dpop;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Which {@code iat} are taken.
 *
 * @param window how far back from now
 * @param ahead how far ahead of now
 * @param since proofs made earlier, or within the same second, are refused: whether they were used
 *     before is not known
 */
public record ProofTime(Duration window, Duration ahead, Instant since, InstantSource clock) {

    /**
     * Whether a proof of that time is taken.
     *
     * @param issuedAt seconds since 1970
     */
    boolean takes(long issuedAt) {
        long now = clock.instant().getEpochSecond();
        return issuedAt >= now - window.toSeconds()
                && issuedAt <= now + ahead.toSeconds()
                && issuedAt > since.getEpochSecond();
    }
}

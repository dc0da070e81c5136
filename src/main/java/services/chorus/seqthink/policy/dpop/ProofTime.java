package services.chorus.seqthink.policy.dpop;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/**
 * Which {@code iat} are taken.
 *
 * @param window how far back from now
 * @param ahead how far ahead of now
 * @param since proofs made earlier, or within the same second, are refused: whether they were used
 *     before is not known
 */
public record ProofTime(Duration window, Duration ahead, Instant since, InstantSource clock) {

    /** Whether a proof of that time, in whole seconds, is taken. */
    boolean takes(Instant issuedAt) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        return !issuedAt.isBefore(now.minus(window))
                && !issuedAt.isAfter(now.plus(ahead))
                && issuedAt.isAfter(since);
    }
}

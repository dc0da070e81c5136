package services.chorus.seqthink.issuer.clients;

import java.time.Duration;
import java.time.Instant;
import services.chorus.seqthink.state.Admission;
import services.chorus.seqthink.state.Name;
import services.chorus.seqthink.state.SharedState;

/**
 * What remembers the assertions that were used, so that each is good once. Safe for use by several
 * threads.
 */
public final class AssertionMemory {

    private static final String USE = "client-assertion";
    private static final int MOST_OF_A_CLIENT = 10_000;

    /** How far ahead a client's clock may be where nothing outlives a restart. */
    private static final Duration AHEAD_WITHOUT_PAST = Duration.ofSeconds(2);

    private final SharedState state;
    private final Instant since;
    private final Duration ahead;

    private AssertionMemory(SharedState state, Instant since, Duration ahead) {
        this.state = state;
        this.since = since;
        this.ahead = ahead;
    }

    /** One that outlives this process. */
    public static AssertionMemory lasting(SharedState state) {
        return new AssertionMemory(state, Instant.EPOCH, AssertionVerifier.LEEWAY);
    }

    /** One that knows nothing of what was used before this process started. */
    public static AssertionMemory from(Instant started, SharedState state) {
        return new AssertionMemory(state, started.plus(AHEAD_WITHOUT_PAST), AHEAD_WITHOUT_PAST);
    }

    /** Whether an assertion that is made now is taken. */
    public boolean begun(Instant now) {
        return reaches(now);
    }

    /** How far ahead {@code iat} may be. */
    Duration ahead() {
        return ahead;
    }

    /** Whether it would know of the assertion, had it been used before. */
    boolean reaches(ClientAssertion.Claims claims) {
        // without iat: before this time no assertion of such a late exp was taken
        return reaches(
                claims.issuedAt()
                        .orElseGet(() -> claims.expiresAt().minus(AssertionVerifier.MOST)));
    }

    private boolean reaches(Instant earliestUse) {
        return since.equals(Instant.EPOCH) || earliestUse.getEpochSecond() > since.getEpochSecond();
    }

    /**
     * Records an assertion, for good. Blocks as {@link SharedState} does.
     *
     * @param life how long it could still be taken
     */
    Admission admit(String clientId, String id, Duration life) {
        return state.admit(new Name(USE, clientId), id, life, MOST_OF_A_CLIENT);
    }
}

package services.chorus.seqthink.policy.dpop;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import services.chorus.seqthink.policy.Caller;
import services.chorus.seqthink.state.Admission;
import services.chorus.seqthink.state.Name;
import services.chorus.seqthink.state.SharedState;
import services.chorus.seqthink.state.StateUnavailableException;

/**
 * Lets a proof through once. Its id is remembered for as long as its {@code iat} could still be
 * taken, whichever way its maker's clock is off, under a quota of its caller's own. Safe for use by
 * several threads.
 */
public final class ProofGuard {

    private static final String USE = "dpop";

    private final SharedState state;
    private final Duration life;
    private final int quota;

    /**
     * @param window how far {@code iat} may be from now, either way
     * @param quota how many proofs of one caller are remembered at once
     */
    public ProofGuard(SharedState state, Duration window, int quota) {
        this.state = state;
        this.life = window.multipliedBy(2);
        this.quota = quota;
    }

    /** What came of showing a proof. */
    public enum Outcome {
        /** It is its first use. */
        FIRST,
        /** It was used before. */
        USED,
        /** Its caller has filled its quota. */
        FULL,
        /** Nobody can tell just now, so it counts for nothing. */
        UNAVAILABLE
    }

    /** Notes a proof, for good: what comes of its request does not undo that. */
    public Uni<Outcome> admit(Caller caller, Proof proof) {
        return state.admit(new Name(USE, caller.id()), proof.id(), life, quota)
                .map(ProofGuard::outcome)
                .onFailure(StateUnavailableException.class)
                .recoverWithItem(Outcome.UNAVAILABLE);
    }

    private static Outcome outcome(Admission admission) {
        return switch (admission) {
            case ADMITTED -> Outcome.FIRST;
            case KNOWN -> Outcome.USED;
            case FULL -> Outcome.FULL;
        };
    }
}

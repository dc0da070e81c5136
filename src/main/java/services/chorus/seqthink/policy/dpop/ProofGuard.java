package services.chorus.seqthink.policy.dpop;

import java.time.Duration;
import services.chorus.seqthink.policy.Caller;
import services.chorus.seqthink.state.Admission;
import services.chorus.seqthink.state.Name;
import services.chorus.seqthink.state.SharedState;

/**
 * Admits a proof once. Its id is remembered for as long as its {@code iat} could still be taken,
 * whichever way its maker's clock is off, under a quota of its caller's own. Blocks as {@link
 * SharedState} does. Safe for use by several threads.
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

    /**
     * Records a proof, for good: the outcome of its request does not undo that.
     *
     * @return {@link Admission#KNOWN} for a proof that was used before
     */
    public Admission admit(Caller caller, Proof proof) {
        return state.admit(new Name(USE, caller.id()), proof.id(), life, quota);
    }
}

package services.chorus.seqthink.policy.dpop;

import java.time.Duration;
import services.chorus.seqthink.policy.Caller;
import services.chorus.seqthink.state.Admission;
import services.chorus.seqthink.state.Name;
import services.chorus.seqthink.state.SharedState;

/**
 * Admits each proof once. Blocks as {@link SharedState} does. Safe for use by several threads.
 *
 * @param window how far {@code iat} may be from now, either way
 * @param quota how many proofs of one caller are stored at once
 */
public record ProofGuard(SharedState state, Duration window, int quota) {

    /**
     * Records a proof; the outcome of its request does not undo that. Its id is stored for as long
     * as its {@code iat} could still be accepted, whichever way its creator's clock is off.
     *
     * @return {@link Admission#KNOWN} for a proof that was used before
     */
    public Admission admit(Caller caller, Proof proof) {
        var name = new Name("dpop", caller.id());
        return state.admit(name, proof.id(), window.multipliedBy(2), quota);
    }
}

package services.chorus.seqthink.sealing;

import java.time.Duration;
import services.chorus.seqthink.protocol.Binding;
import services.chorus.seqthink.state.Admission;
import services.chorus.seqthink.state.Name;
import services.chorus.seqthink.state.SharedState;

/**
 * Admits each request once. Its id is remembered for as long as its {@code issued_at} can be
 * accepted, whether the sender's clock is slow or fast. Ids are only removed when they expire, so a
 * caller that fills its own quota affects no other caller. Blocks as {@link SharedState} does.
 * Thread-safe.
 */
public final class ReplayGuard {

    private static final String USE = "replay";

    private final SharedState state;
    private final Duration life;
    private final int quota;

    /**
     * @param window how far {@code issued_at} may be from now, in both directions
     * @param quota how many ids of one caller are remembered at once
     */
    public ReplayGuard(SharedState state, Duration window, int quota) {
        this.state = state;
        this.life = window.multipliedBy(2);
        this.quota = quota;
    }

    /** Whether a request could be admitted now; tries it, because the store may be full. */
    public boolean ready() {
        return state.admit(new Name("readiness", ""), USE, Duration.ofSeconds(1), 1)
                != Admission.UNAVAILABLE;
    }

    /**
     * Records a request; a failure of the request later does not undo that.
     *
     * @param caller unique to the caller
     * @return {@link Admission#KNOWN} for an id that was recorded before
     */
    public Admission admit(String caller, Binding binding) {
        return state.admit(new Name(USE, caller), binding.requestId(), life, quota);
    }
}

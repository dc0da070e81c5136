package services.chorus.seqthink.sealing;

import java.time.Duration;
import services.chorus.seqthink.protocol.Binding;
import services.chorus.seqthink.state.Admission;
import services.chorus.seqthink.state.Name;
import services.chorus.seqthink.state.SharedState;

/**
 * Admits a request once. Its id is remembered for as long as its {@code issued_at} could still be
 * taken, whichever way the sender's clock is off; then {@code issued_at} refuses it. Ids leave by
 * time only: a caller who fills its own quota is refused, and nobody else is. Blocks as {@link
 * SharedState} does. Safe for use by several threads.
 */
public final class ReplayGuard {

    private static final String USE = "replay";

    private final SharedState state;
    private final Duration life;
    private final int quota;

    /**
     * @param window how far {@code issued_at} may be from now, either way
     * @param quota how many ids of one caller are remembered at once
     */
    public ReplayGuard(SharedState state, Duration window, int quota) {
        this.state = state;
        this.life = window.multipliedBy(2);
        this.quota = quota;
    }

    /**
     * Whether it could judge a request just now; found out as for one, since a store may be full.
     */
    public boolean ready() {
        return state.admit(new Name("readiness", ""), USE, Duration.ofSeconds(1), 1)
                != Admission.UNAVAILABLE;
    }

    /**
     * Records a request, for good: its outcome does not undo that.
     *
     * @param caller a text that no other caller has
     * @param binding the request's own
     * @return {@link Admission#KNOWN} for a request of an id that was there before
     */
    public Admission admit(String caller, Binding binding) {
        return state.admit(new Name(USE, caller), binding.requestId(), life, quota);
    }
}

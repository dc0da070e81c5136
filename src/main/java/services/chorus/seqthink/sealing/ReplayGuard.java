package services.chorus.seqthink.sealing;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import services.chorus.seqthink.protocol.Binding;
import services.chorus.seqthink.state.Name;
import services.chorus.seqthink.state.SharedState;
import services.chorus.seqthink.state.StateUnavailableException;

/**
 * Lets a request through once. Its id is remembered for as long as its {@code issued_at} could
 * still be taken, whichever way the sender's clock is off; then {@code issued_at} refuses it. Ids
 * leave by time only: a caller who fills its own quota is refused, and nobody else is. Safe for use
 * by several threads.
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
    public Uni<Boolean> ready() {
        return state.admit(new Name("readiness", ""), USE, Duration.ofSeconds(1), 1)
                .map(answered -> true)
                .onFailure(StateUnavailableException.class)
                .recoverWithItem(false);
    }

    /**
     * Notes a request, for good: what comes of it later does not undo that.
     *
     * @param caller a text that no other caller has
     * @param binding the request's own
     */
    public Uni<Passage> admit(String caller, Binding binding) {
        return Passage.of(
                state.admit(new Name(USE, caller), binding.requestId(), life, quota),
                admission ->
                        switch (admission) {
                            case ADMITTED -> Passage.ADMITTED;
                            case KNOWN -> Passage.REPLAYED;
                            case FULL -> Passage.TOO_MANY_REQUESTS;
                        });
    }
}

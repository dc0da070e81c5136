package services.chorus.seqthink.sealing;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.Optional;
import services.chorus.seqthink.state.Admission;
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

    /** What came of showing a request. */
    public enum Outcome {
        /** It goes on. */
        ADMITTED(Optional.empty()),
        /** One of its id was here before. */
        REPLAYED(Optional.of(Refusal.replayed())),
        /** Its caller has filled its quota. */
        FULL(Optional.of(Refusal.tooManyRequests())),
        /** Nobody can tell just now, so nothing goes on. */
        UNAVAILABLE(Optional.of(Refusal.stateUnavailable()));

        private final Optional<Refusal> refusal;

        Outcome(Optional<Refusal> refusal) {
            this.refusal = refusal;
        }

        /** What the caller is told; empty for a request that goes on. */
        public Optional<Refusal> refusal() {
            return refusal;
        }
    }

    /**
     * Notes a request, for good: what comes of it later does not undo that.
     *
     * @param caller a text that no other caller has
     * @param binding the request's own
     */
    public Uni<Outcome> admit(String caller, Binding binding) {
        return state.admit(new Name(USE, caller), binding.requestId(), life, quota)
                .map(ReplayGuard::outcome)
                .onFailure(StateUnavailableException.class)
                .recoverWithItem(Outcome.UNAVAILABLE);
    }

    private static Outcome outcome(Admission admission) {
        return switch (admission) {
            case ADMITTED -> Outcome.ADMITTED;
            case KNOWN -> Outcome.REPLAYED;
            case FULL -> Outcome.FULL;
        };
    }
}

package services.chorus.seqthink.sealing;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.Optional;
import services.chorus.seqthink.state.Admission;
import services.chorus.seqthink.state.Name;
import services.chorus.seqthink.state.SharedState;
import services.chorus.seqthink.state.StateUnavailableException;

/**
 * Bounds how many histories a caller begins in a day, since it names them itself and each is kept
 * for a day. A caller who has its most is refused another one, and nobody else is. Safe for use by
 * several threads.
 */
public final class HistoryQuota {

    /** Histories that one caller may begin within {@link #LIFE}. */
    public static final int MOST = 32;

    /** How long a history counts, from its beginning. */
    public static final Duration LIFE = Duration.ofHours(24);

    private final SharedState state;

    /**
     * @param state where the histories are counted
     */
    public HistoryQuota(SharedState state) {
        this.state = state;
    }

    /** What came of naming a history. */
    public enum Outcome {
        /** The caller may add to it. */
        ADMITTED(Optional.empty()),
        /** Its caller has as many others as it may. */
        FULL(Optional.of(Refusal.tooManyHistories())),
        /** Nobody can tell just now, so nothing goes on. */
        UNAVAILABLE(Optional.of(Refusal.stateUnavailable()));

        private final Optional<Refusal> refusal;

        Outcome(Optional<Refusal> refusal) {
            this.refusal = refusal;
        }

        /** What the caller is told; empty where it may go on. */
        public Optional<Refusal> refusal() {
            return refusal;
        }
    }

    /**
     * Lets a history be added to, and counts it when it is a new one.
     *
     * @param caller a text that no other caller has
     * @param historyId names the history and nobody
     */
    public Uni<Outcome> admit(String caller, String historyId) {
        return state.admit(new Name("histories", caller), historyId, LIFE, MOST)
                .map(HistoryQuota::outcome)
                .onFailure(StateUnavailableException.class)
                .recoverWithItem(Outcome.UNAVAILABLE);
    }

    private static Outcome outcome(Admission admission) {
        return switch (admission) {
            case ADMITTED, KNOWN -> Outcome.ADMITTED;
            case FULL -> Outcome.FULL;
        };
    }
}

package services.chorus.seqthink.sealing;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import services.chorus.seqthink.state.Name;
import services.chorus.seqthink.state.SharedState;

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

    /**
     * Lets a history be added to, and counts it when it is a new one.
     *
     * @param caller a text that no other caller has
     * @param historyId names the history and nobody
     */
    public Uni<Passage> admit(String caller, String historyId) {
        return Passage.of(
                state.admit(new Name("histories", caller), historyId, LIFE, MOST),
                admission ->
                        switch (admission) {
                            case ADMITTED, KNOWN -> Passage.ADMITTED;
                            case FULL -> Passage.TOO_MANY_HISTORIES;
                        });
    }
}

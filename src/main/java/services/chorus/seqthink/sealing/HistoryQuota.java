package services.chorus.seqthink.sealing;

import java.time.Duration;
import services.chorus.seqthink.state.Admission;
import services.chorus.seqthink.state.Name;
import services.chorus.seqthink.state.SharedState;

/**
 * Bounds how many histories a caller begins in a day, since it names them itself and each is kept
 * for a day. A caller who has its most is refused another one, and nobody else is. Blocks as {@link
 * SharedState} does. Safe for use by several threads.
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
     * Admits a call to a history, and counts the history when it is a new one.
     *
     * @param caller a text that no other caller has
     * @param historyId names the history and nobody
     * @return {@link Admission#ADMITTED} for a known history too, so never {@link Admission#KNOWN}
     */
    public Admission admit(String caller, String historyId) {
        Admission admission = state.admit(new Name("histories", caller), historyId, LIFE, MOST);
        return admission == Admission.KNOWN ? Admission.ADMITTED : admission;
    }
}

package services.chorus.seqthink.sealing;

import java.time.Duration;
import services.chorus.seqthink.state.Admission;
import services.chorus.seqthink.state.Name;
import services.chorus.seqthink.state.SharedState;

/**
 * Limits how many histories a caller can begin in a day, because callers choose the session names
 * and each history is kept for a day. Blocks as {@link SharedState} does. Thread-safe.
 */
public final class HistoryQuota {

    /** The limit of one caller within {@link #LIFE}. */
    public static final int MOST = 32;

    /** How long a history counts after its beginning. */
    public static final Duration LIFE = Duration.ofHours(24);

    private final SharedState state;

    public HistoryQuota(SharedState state) {
        this.state = state;
    }

    /**
     * Admits a call to a history, and counts the history if it is new.
     *
     * @param caller unique to the caller
     * @param historyId unique to the history, without the caller's name
     * @return {@link Admission#ADMITTED} also for a known history, so never {@link Admission#KNOWN}
     */
    public Admission admit(String caller, String historyId) {
        Admission admission = state.admit(new Name("histories", caller), historyId, LIFE, MOST);
        return admission == Admission.KNOWN ? Admission.ADMITTED : admission;
    }
}

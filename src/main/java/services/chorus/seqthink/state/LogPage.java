package services.chorus.seqthink.state;

import java.util.List;
import java.util.Optional;

/**
 * A stretch of a log.
 *
 * @param end where the log ends now; empty when there is no such log
 * @param entries in the order of their sequence numbers, each one more than the last. The first may
 *     be more than one past what was asked for: what lies between is forgotten.
 */
public record LogPage(Optional<LogPosition> end, List<Entry> entries) {

    /** There is no such log. */
    public static final LogPage NONE = new LogPage(Optional.empty(), List.of());

    public LogPage {
        entries = List.copyOf(entries);
    }

    /**
     * An entry.
     *
     * @param bytes the receiver's own
     */
    public record Entry(long sequence, byte[] bytes) {}
}

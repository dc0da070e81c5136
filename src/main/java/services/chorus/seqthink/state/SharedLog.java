package services.chorus.seqthink.state;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The logs of {@link SharedState}: what is read from one, and how much one keeps. */
public final class SharedLog {

    private SharedLog() {}

    /**
     * A place in a log.
     *
     * @param epoch drawn at random when the log began: a log that was forgotten and begins again
     *     has another
     * @param sequence 1 for a log's first entry ever, and one more for each
     */
    public record Position(String epoch, long sequence) {}

    /**
     * An entry.
     *
     * @param bytes the receiver's own
     */
    public record Entry(long sequence, byte[] bytes) {}

    /**
     * Consecutive entries of a log.
     *
     * @param end where the log ends now; empty when there is no such log
     * @param entries in the order of their sequence numbers, each one more than the last. The first
     *     may be more than one past what was asked for: what lies between is forgotten.
     */
    public record Page(Optional<Position> end, List<Entry> entries) {

        /** There is no such log. */
        public static final Page NONE = new Page(Optional.empty(), List.of());

        public Page {
            entries = List.copyOf(entries);
        }
    }

    /**
     * How much one log keeps.
     *
     * @param entries how many at most
     * @param bytes of all its entries together
     * @param life how long an entry is kept, and a log after its last entry
     */
    public record Limits(int entries, int bytes, Duration life) {}
}

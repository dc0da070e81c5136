package services.chorus.seqthink.state;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the replicas of a service share: values that are exchanged, bounded groups of members that
 * are admitted once, and bounded logs that can be followed.
 *
 * <p>Everything is forgotten when its life is over. Of what lives, only logs give way to make room:
 * a full log loses its oldest entries, and where an embedded store has no room for all logs, those
 * that are longest out of use are forgotten whole. Values and members never give way.
 *
 * <p>Every operation but {@link #follow} blocks its thread for two seconds at most, so none may be
 * called on an event loop (it throws {@link IllegalStateException} there). What cannot be done
 * because the store is out of reach or full throws {@link StateUnavailableException}, and works
 * again by itself when the store does. So does an operation whose thread is interrupted: it ends at
 * once, the thread stays interrupted, and whether the operation had an effect is unknown. Safe for
 * use by several threads.
 */
public interface SharedState {

    /** Looks at the value of a name, be it none, to exchange it (compare and swap). */
    Snapshot look(Name name);

    /**
     * Admits a member to a group once. Members leave by time only.
     *
     * @param life how long the member stays known
     * @param most how many members a group may have at once
     * @return {@link Admission#UNAVAILABLE} where other operations throw {@link
     *     StateUnavailableException}
     */
    Admission admit(Name group, String member, Duration life, int most);

    /**
     * Adds an entry at the end of a log and notifies its followers. Appends to one log happen one
     * after the other, at whichever replica.
     *
     * @throws IllegalArgumentException when the entry alone is larger than a log may be
     */
    Position append(Name log, byte[] entry, Limits limits);

    /**
     * Reads on in a log.
     *
     * @param after the sequence number after which to begin; 0 for the oldest there is
     * @param mostBytes entries are read up to this many bytes, but one at least
     */
    Page read(Name log, long after, int mostBytes);

    /**
     * Notifies of every time a log may have grown. Does not block.
     *
     * @param grown called at once and whenever there may be something to read: once for several
     *     appends, or for none. A call may be missed when a store fails, so whoever waits long
     *     reads again. Called on any thread, event loops included, so it must not block or throw.
     */
    Subscription follow(Name log, Runnable grown);

    /** What one name had at one moment, to be exchanged for another value. */
    interface Snapshot {

        /** The value; empty when there was none, or its life was over. */
        Optional<byte[]> value();

        /**
         * Puts a value in the place of this one, unless that has changed since: of several who
         * looked at the same moment, one succeeds. Blocks and throws as the state does.
         *
         * @return whether it was put
         */
        boolean swap(byte[] value, Duration life);
    }

    /** Notifications, until it is closed; closing it again does nothing. */
    @FunctionalInterface
    interface Subscription extends AutoCloseable {

        @Override
        void close();
    }

    /**
     * A place in a log.
     *
     * @param epoch drawn at random when the log began: a log that was forgotten and begins again
     *     has another
     * @param sequence 1 for a log's first entry ever, and one more for each
     */
    record Position(String epoch, long sequence) {}

    /**
     * An entry.
     *
     * @param bytes the receiver's own
     */
    record Entry(long sequence, byte[] bytes) {}

    /**
     * Consecutive entries of a log.
     *
     * @param end where the log ends now; empty when there is no such log
     * @param entries in the order of their sequence numbers, each one more than the last. The first
     *     may be more than one past what was asked for: what lies between is forgotten.
     */
    record Page(Optional<Position> end, List<Entry> entries) {

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
    record Limits(int entries, int bytes, Duration life) {}
}

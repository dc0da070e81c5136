package services.chorus.seqthink.state;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * State that the replicas of a gateway share: values with compare and swap, bounded groups that
 * admit a member once, and bounded logs that can be followed.
 *
 * <p>Everything expires. Before that, values and members are never dropped to make room; logs are:
 * a full log drops its oldest entries, and in a full embedded store the owner whose logs occupy
 * most loses the log it used least recently.
 *
 * <p>Every operation but {@link #follow} may block for two seconds, and throws {@link
 * IllegalStateException} on an event loop. It throws {@link StateUnavailableException} when the
 * store cannot be reached or is full, and at once when its thread is interrupted: the thread stays
 * interrupted, and the operation may or may not have had an effect. Safe for use by several
 * threads.
 */
public interface SharedState {

    /** The present value of a name, for reading and for compare and swap. */
    Snapshot look(Name name);

    /**
     * Admits a member to a group, unless it is in it. Members are removed only by expiry.
     *
     * @param life time until the member expires
     * @param most members that the group may have at once
     * @return {@link Admission#UNAVAILABLE} where other operations throw {@link
     *     StateUnavailableException}
     */
    Admission admit(Name group, String member, Duration life, int most);

    /**
     * Adds an entry at the end of a log and notifies its followers. Appends to one log are
     * serialized over all replicas.
     *
     * @throws IllegalArgumentException when the entry is larger than {@code limits.bytes()}
     */
    Position append(Name log, byte[] entry, Limits limits);

    /**
     * Reads entries of a log.
     *
     * @param after the sequence number after which to begin; 0 for the oldest entry
     * @param mostBytes most bytes of all entries together, but at least one entry is read
     */
    Page read(Name log, long after, int mostBytes);

    /**
     * Subscribes to appends to a log. Does not block.
     *
     * @param grown called at once, and when the log may have new entries: perhaps once for several
     *     appends, or without one. Calls can be lost when the store fails, so read again from time
     *     to time. Runs on any thread, including event loops: must not block or throw.
     */
    Subscription follow(Name log, Runnable grown);

    /** The value of a name at one moment. */
    interface Snapshot {

        /** Empty when there was no value, or it had expired. */
        Optional<byte[]> value();

        /**
         * Replaces the value, unless it has changed since: of several swaps of the same snapshot
         * one succeeds. Blocks and throws as {@link SharedState} does.
         *
         * @return whether the value was replaced
         */
        boolean swap(byte[] value, Duration life);
    }

    /** Ends when closed; closing it again has no effect. */
    @FunctionalInterface
    interface Subscription extends AutoCloseable {

        @Override
        void close();
    }

    /**
     * The position of an entry in a log.
     *
     * @param epoch random; a log that expired or was dropped and begins again has another
     * @param sequence 1 for the first entry of an epoch, and one more for each
     */
    record Position(String epoch, long sequence) {}

    /**
     * An entry.
     *
     * @param bytes owned by the receiver
     */
    record Entry(long sequence, byte[] bytes) {}

    /**
     * Consecutive entries of a log.
     *
     * @param end the position of the last entry; empty when there is no such log
     * @param entries with consecutive sequence numbers. Entries between {@code after} and the first
     *     were dropped.
     */
    record Page(Optional<Position> end, List<Entry> entries) {

        /** There is no such log. */
        public static final Page NONE = new Page(Optional.empty(), List.of());

        public Page {
            entries = List.copyOf(entries);
        }
    }

    /**
     * Bounds of one log.
     *
     * @param entries most entries
     * @param bytes most bytes of all entries together
     * @param life time until an entry expires, and the log after its last entry
     */
    record Limits(int entries, int bytes, Duration life) {}
}

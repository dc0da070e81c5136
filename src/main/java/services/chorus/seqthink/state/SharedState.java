package services.chorus.seqthink.state;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.Optional;

/**
 * What the replicas of a service share: values that are put once or exchanged, bounded groups of
 * members that are admitted once, and bounded logs that can be followed.
 *
 * <p>Everything is forgotten when its life is over. Of what lives, only logs give way to make room:
 * a full log loses its oldest entries, and where an embedded store has no room for all logs, those
 * that are longest out of use are forgotten whole. Values and members never give way. Safe for use
 * by several threads. Whatever cannot be done for want of the store fails with {@link
 * StateUnavailableException}, and works again by itself when the store does.
 */
public interface SharedState {

    /**
     * Puts a value where there is none.
     *
     * @return whether it was put; false when there is one already, which stays as it is
     */
    Uni<Boolean> putIfAbsent(Name name, byte[] value, Duration life);

    /** The value of that name; empty when there is none, or when its life is over. */
    Uni<Optional<byte[]>> get(Name name);

    /** Looks at what there is under that name, be it nothing, to exchange it (compare and swap). */
    Uni<Snapshot> look(Name name);

    /**
     * Gives a value a new life, counted from now.
     *
     * @return whether there was such a value
     */
    Uni<Boolean> expire(Name name, Duration life);

    /**
     * Admits a member to a group once. Members leave by time only.
     *
     * @param life how long the member stays known
     * @param most how many members a group may have at once
     */
    Uni<Admission> admit(Name group, String member, Duration life, int most);

    /**
     * Adds an entry at the end of a log and tells those who follow it. Appends to one log happen
     * one after the other, at whichever replica.
     *
     * @throws IllegalArgumentException when the entry alone is larger than a log may be
     */
    Uni<LogPosition> append(Name log, byte[] entry, LogLimits limits);

    /**
     * Reads on in a log.
     *
     * @param after the sequence number after which to begin; 0 for the oldest there is
     * @param mostBytes entries are read up to this many bytes, but one at least
     */
    Uni<LogPage> read(Name log, long after, int mostBytes);

    /**
     * Tells when a log may have grown: an item is a reason to read, and may come once for several
     * appends or for none. One may be missed when a store fails, so who waits long reads again.
     */
    Multi<Name> follow(Name log);
}

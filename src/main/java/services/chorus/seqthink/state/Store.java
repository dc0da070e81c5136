package services.chorus.seqthink.state;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Where {@link SealedState} keeps what it has sealed. A store is never told what anything is or is
 * called: names are HMACs, and so are members; all else is ciphertext.
 *
 * <p>One thing has a name for each secret that is current, all of which are given, the newest
 * first; whatever is done is done for all of them at once. The byte arrays passed are nobody's to
 * change. Fails with {@link StateUnavailableException} only.
 */
interface Store extends AutoCloseable {

    /** How much longer a sealed value is than what is in it; limits in bytes count without it. */
    int SEAL_BYTES = SealingKey.OVERHEAD;

    /** Puts the value under each name, unless one of them has a value. */
    Uni<Boolean> putIfAbsent(List<String> names, byte[] value, Duration life);

    /** What is found under these names, in their order. */
    Uni<List<byte[]>> get(List<String> names);

    /** Puts the value under each name, provided that one of them has the value expected. */
    Uni<Boolean> replace(List<String> names, byte[] expected, byte[] value, Duration life);

    /**
     * Adds each member to its group, unless one of them is in it or one of the groups is full.
     *
     * @param most members of a group
     */
    Uni<Admission> admit(List<Member> members, Duration life, int most);

    /**
     * Adds an entry to the log found under one of these names, which has the first one from then
     * on; without such a log, begins one.
     *
     * @param draft makes the entry, told where the log ends: the next position, or the first one of
     *     a new epoch; it may be asked more than once
     */
    Uni<LogPosition> append(
            List<String> names, Function<Optional<LogPosition>, Draft> draft, LogLimits limits);

    /** Reads on in the log found under one of these names, as {@link SharedState#read} does. */
    Uni<Optional<Page>> read(List<String> names, long after, int mostBytes);

    /** An item at once, and one whenever a log of one of these names may have grown. */
    Multi<String> follow(List<String> names);

    /** Lets go of connections. */
    @Override
    void close();

    /** A member under one secret. */
    record Member(String group, String member) {}

    /** An entry, sealed for the position it is to have. */
    record Draft(LogPosition position, byte[] entry) {}

    /**
     * A stretch of a log.
     *
     * @param first the sequence number of the first entry; each has one more than the last
     */
    record Page(LogPosition end, long first, List<byte[]> entries) {}
}

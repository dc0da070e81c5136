package services.chorus.seqthink.state;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import services.chorus.seqthink.state.SharedState.Position;
import services.chorus.seqthink.state.SharedState.Subscription;

/**
 * Where {@link SealedState} keeps what it has sealed. A store is never told what anything is or is
 * called: names are HMACs, and so are members; all else is ciphertext.
 *
 * <p>One thing has a name for each secret that is current, all of which are given, the newest
 * first; whatever is done is done for all of them at once. The byte arrays passed are nobody's to
 * change. Throws {@link StateUnavailableException} only, at its deadline at the latest.
 */
interface Store extends AutoCloseable {

    /** How much longer a sealed value is than what is in it; limits in bytes count without it. */
    int SEAL_BYTES = SealingKey.OVERHEAD;

    /** What is found under these names, in their order. */
    List<byte[]> get(List<String> names, StateDeadline deadline);

    /**
     * Puts the value under each name, provided that one of them has the value expected, or none of
     * them a value where none is expected.
     *
     * @return whether it was put
     */
    boolean swap(
            List<String> names,
            Optional<byte[]> expected,
            byte[] value,
            Duration life,
            StateDeadline deadline);

    /**
     * Adds each member to its group, unless one of them is in it or one of the groups is full.
     *
     * @param most members of a group
     */
    Admission admit(List<Member> members, Duration life, int most, StateDeadline deadline);

    /**
     * Adds an entry to the log found under one of these names, which has the first one from then
     * on; without such a log, begins one.
     *
     * @param draft makes the entry from the end of the log: for the next position, or for the first
     *     one of a new epoch; may be called more than once
     */
    Position append(
            List<String> names,
            Function<Optional<Position>, Draft> draft,
            SharedState.Limits limits,
            StateDeadline deadline);

    /** Reads on in the log found under one of these names, as {@link SharedState#read} does. */
    Optional<Stretch> read(List<String> names, long after, int mostBytes, StateDeadline deadline);

    /** Notifies at once, and whenever a log of one of these names may have grown. */
    Subscription follow(List<String> names, Runnable grown);

    @Override
    void close();

    /** A member under one secret. */
    record Member(String group, String member) {}

    /** An entry, sealed for the position it is to have. */
    record Draft(Position position, byte[] entry) {}

    /**
     * Consecutive entries of a log, sealed.
     *
     * @param end where the log ends
     * @param first the sequence number of the first entry; each has one more than the last
     */
    record Stretch(Position end, long first, List<byte[]> entries) {}
}

package services.chorus.seqthink.state;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import services.chorus.seqthink.state.SharedState.Position;
import services.chorus.seqthink.state.SharedState.Subscription;

/**
 * Where {@link SealedState} keeps sealed data. Names and members are HMACs, everything else is
 * ciphertext.
 *
 * <p>A value, group or log has one name for each current secret. All are given, the newest first,
 * and an operation on them is atomic. Byte arrays that are passed in or out must not be changed.
 * Throws only {@link StateUnavailableException}, by its deadline.
 */
interface Store extends AutoCloseable {

    /** Bytes that sealing adds to an entry; limits in bytes do not include them. */
    int SEAL_BYTES = SealingKey.OVERHEAD;

    /** The values found under these names, in their order. */
    List<byte[]> get(List<String> names, StateDeadline deadline);

    /**
     * Puts the value under each name if one of them has the expected value or, when none is
     * expected, if none of them has a value.
     *
     * @return whether the value was put
     */
    boolean swap(
            List<String> names,
            Optional<byte[]> expected,
            byte[] value,
            Duration life,
            StateDeadline deadline);

    /**
     * Adds each member to its group, unless one is already in its group or one group is full.
     *
     * @param most members that a group may have
     */
    Admission admit(List<Member> members, Duration life, int most, StateDeadline deadline);

    /**
     * Adds an entry to the log found under one of these names, or begins one. The log has the first
     * name afterwards.
     *
     * @param owner whose share of a bounded store the log occupies; an HMAC
     * @param draft seals the entry for the position after the end of the log; may be called more
     *     than once
     */
    Position append(
            List<String> names,
            String owner,
            Function<Optional<Position>, Draft> draft,
            SharedState.Limits limits,
            StateDeadline deadline);

    /** Reads the log found under one of these names, as {@link SharedState#read} does. */
    Optional<Stretch> read(List<String> names, long after, int mostBytes, StateDeadline deadline);

    /** Calls {@code grown} at once, and when a log of one of these names may have grown. */
    Subscription follow(List<String> names, Runnable grown);

    @Override
    void close();

    /** A member under one secret. */
    record Member(String group, String member) {}

    /** An entry that is sealed for its position. */
    record Draft(Position position, byte[] entry) {}

    /**
     * Consecutive entries of a log, sealed.
     *
     * @param end the position of the log's last entry
     * @param first the sequence number of the first of {@code entries}
     */
    record Stretch(Position end, long first, List<byte[]> entries) {}
}

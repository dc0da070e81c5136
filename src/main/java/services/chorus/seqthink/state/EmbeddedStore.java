package services.chorus.seqthink.state;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import services.chorus.seqthink.config.Heap;
import services.chorus.seqthink.state.SharedState.Position;
import services.chorus.seqthink.state.SharedState.Subscription;

/**
 * A store in this process's memory. One lock makes each operation on several names atomic. It is
 * held briefly, except in {@link #append}, which seals an entry under it.
 */
final class EmbeddedStore implements Store {

    /**
     * Capacity of the store.
     *
     * @param things most values and members together; more are rejected. A value or member counts
     *     once for each of its names, of which it has one for each current secret
     * @param logWeight most bytes of all logs together, with a fixed overhead for each log and
     *     entry
     */
    record Bounds(int things, long logWeight) {

        static final Bounds USUAL = new Bounds(1_000_000, 256L << 20);

        /** {@link #USUAL}, but at most a quarter of the heap for things and an eighth for logs. */
        static Bounds within(Heap heap) {
            return new Bounds(
                    (int) Math.min(USUAL.things, heap.part(4) / BYTES_OF_A_THING),
                    Math.min(USUAL.logWeight, heap.part(8)));
        }
    }

    /** Measured for a member: two names, and its places in a map and a queue. */
    private static final int BYTES_OF_A_THING = 320;

    /** Members that every group may have while there is room. */
    private static final int SMALLEST_GROUP = 100;

    private final Bounds bounds;
    private final InstantSource clock;
    private final Map<String, Integer> groupSizes = new HashMap<>();
    private final Expiring<String, byte[]> values = new Expiring<>(name -> {});
    private final Expiring<Member, Boolean> members = new Expiring<>(this::left);
    private final EmbeddedLogs logs;
    private final Followers followers = new Followers(() -> {});

    EmbeddedStore(Bounds bounds, InstantSource clock) {
        this.bounds = bounds;
        this.clock = clock;
        this.logs = new EmbeddedLogs(bounds.logWeight());
    }

    @Override
    public synchronized List<byte[]> get(List<String> names, StateDeadline deadline) {
        expire(clock.instant());
        return found(names).toList();
    }

    @Override
    public synchronized boolean swap(
            List<String> names,
            Optional<byte[]> expected,
            byte[] value,
            Duration life,
            StateDeadline deadline) {
        Instant now = clock.instant();
        expire(now);
        boolean asExpected =
                expected.map(known -> found(names).anyMatch(each -> Arrays.equals(each, known)))
                        .orElseGet(() -> found(names).findAny().isEmpty());
        if (!asExpected) {
            return false;
        }
        if (expected.isEmpty() && !hasRoomFor(names.size())) {
            throw new StateUnavailableException("No room for another value");
        }
        names.forEach(name -> values.put(name, value, now.plus(life)));
        return true;
    }

    @Override
    public synchronized Admission admit(
            List<Member> same, Duration life, int most, StateDeadline deadline) {
        Instant now = clock.instant();
        expire(now);
        if (same.stream().anyMatch(member -> members.get(member).isPresent())) {
            return Admission.KNOWN;
        }
        if (!hasRoomFor(same.size())
                || same.stream().anyMatch(member -> !mayGrow(member.group(), most))) {
            return Admission.FULL;
        }
        for (Member member : same) {
            members.put(member, true, now.plus(life));
            groupSizes.merge(member.group(), 1, Integer::sum);
        }
        return Admission.ADMITTED;
    }

    @Override
    public Position append(
            List<String> names,
            String owner,
            Function<Optional<Position>, Draft> draft,
            SharedState.Limits limits,
            StateDeadline deadline) {
        Position appended;
        synchronized (this) {
            Instant now = clock.instant();
            expire(now);
            Draft next = draft.apply(logs.end(names, now));
            logs.append(names, owner, next, limits, now);
            appended = next.position();
        }
        names.forEach(followers::notifyGrown);
        return appended;
    }

    @Override
    public synchronized Optional<Stretch> read(
            List<String> names, long after, int mostBytes, StateDeadline deadline) {
        Instant now = clock.instant();
        expire(now);
        return logs.read(names, after, mostBytes, now);
    }

    @Override
    public Subscription follow(List<String> names, Runnable grown) {
        return followers.follow(names, grown);
    }

    @Override
    public void close() {}

    private Stream<byte[]> found(List<String> names) {
        return names.stream().flatMap(name -> values.get(name).stream());
    }

    /** A group may have what its caller asked for, but no more than is left for all others. */
    private boolean mayGrow(String group, int most) {
        int size = groupSizes.getOrDefault(group, 0);
        return size < most
                && (size < SMALLEST_GROUP
                        || size < bounds.things() - values.size() - members.size());
    }

    private boolean hasRoomFor(int more) {
        return values.size() + members.size() + more <= bounds.things();
    }

    private void left(Member member) {
        groupSizes.computeIfPresent(member.group(), (group, size) -> size == 1 ? null : size - 1);
    }

    private void expire(Instant now) {
        values.expire(now);
        members.expire(now);
        logs.expire(now);
    }

    /** A map whose entries are removed only by expiry. Not safe for use by several threads. */
    static final class Expiring<K, V> {

        private final Map<K, Held<K, V>> held = new HashMap<>();
        private final PriorityQueue<Held<K, V>> leaving =
                new PriorityQueue<>(Comparator.comparing(Held::until));
        private final Consumer<K> left;

        /**
         * @param left called with each expired key
         */
        Expiring(Consumer<K> left) {
            this.left = left;
        }

        /** Removes expired entries; the other methods do not check expiry. */
        void expire(Instant now) {
            while (!leaving.isEmpty() && !leaving.peek().until().isAfter(now)) {
                Held<K, V> due = leaving.remove();
                if (held.remove(due.key(), due)) {
                    left.accept(due.key());
                }
            }
        }

        int size() {
            return held.size();
        }

        Optional<V> get(K key) {
            return Optional.ofNullable(held.get(key)).map(Held::value);
        }

        /** Puts a value, replacing any other. */
        void put(K key, V value, Instant until) {
            Held<K, V> next = new Held<>(key, value, until);
            // a replaced entry stays in the queue until it expires: removing it would take linear
            // time
            held.put(key, next);
            leaving.add(next);
        }

        private record Held<K, V>(K key, V value, Instant until) {}
    }
}

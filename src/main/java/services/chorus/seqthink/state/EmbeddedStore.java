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
 * A store in this process's memory. One lock over all of it, so that what is done for several names
 * is done at once. It is held for a moment, but while an entry of a log is made: its maker seals up
 * to as many bytes as the log may have.
 */
final class EmbeddedStore implements Store {

    /**
     * How much it keeps.
     *
     * @param things values and members together; more are refused. One that has several names, as
     *     it has while there are several secrets, counts once for each
     * @param logWeight bytes of all logs together, a fixed overhead for each log and entry included
     */
    record Bounds(int things, long logWeight) {

        static final Bounds USUAL = new Bounds(1_000_000, 256L << 20);

        /** The usual ones, with no more than an eighth of the heap for logs. */
        static Bounds within(Heap heap) {
            return new Bounds(USUAL.things, Math.min(USUAL.logWeight, heap.part(8)));
        }
    }

    private final Bounds bounds;
    private final InstantSource clock;
    private final Map<String, Integer> groupSizes = new HashMap<>();
    private final Expiring<String, byte[]> values = new Expiring<>(name -> {});
    private final Expiring<Member, Boolean> members = new Expiring<>(this::leave);
    private final EmbeddedLogs logs;
    private final Followers followers = new Followers(() -> {});

    EmbeddedStore(Bounds bounds, InstantSource clock) {
        this.bounds = bounds;
        this.clock = clock;
        this.logs = new EmbeddedLogs(bounds.logWeight());
    }

    @Override
    public synchronized List<byte[]> get(List<String> names, StateDeadline deadline) {
        forgetUntil(clock.instant());
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
        forgetUntil(now);
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
        forgetUntil(now);
        if (same.stream().anyMatch(member -> members.get(member).isPresent())) {
            return Admission.KNOWN;
        }
        if (same.stream().anyMatch(m -> groupSizes.getOrDefault(m.group(), 0) >= most)
                || !hasRoomFor(same.size())) {
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
            Function<Optional<Position>, Draft> drafting,
            SharedState.Limits limits,
            StateDeadline deadline) {
        Position appended;
        synchronized (this) {
            Instant now = clock.instant();
            forgetUntil(now);
            Draft draft = drafting.apply(logs.end(names, now));
            logs.append(names, draft, limits, now);
            appended = draft.position();
        }
        names.forEach(followers::grown);
        return appended;
    }

    @Override
    public synchronized Optional<Stretch> read(
            List<String> names, long after, int mostBytes, StateDeadline deadline) {
        Instant now = clock.instant();
        forgetUntil(now);
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

    private boolean hasRoomFor(int more) {
        return values.size() + members.size() + more <= bounds.things();
    }

    private void leave(Member member) {
        groupSizes.computeIfPresent(member.group(), (group, size) -> size == 1 ? null : size - 1);
    }

    private void forgetUntil(Instant now) {
        values.passTo(now);
        members.passTo(now);
        logs.passTo(now);
    }

    /** A map whose entries leave by time only. Not safe for use by several threads. */
    static final class Expiring<K, V> {

        private final Map<K, Held<K, V>> held = new HashMap<>();
        private final PriorityQueue<Held<K, V>> leaving =
                new PriorityQueue<>(Comparator.comparing(Held::until));
        private final Consumer<K> left;

        /**
         * @param left told of each key whose life was over
         */
        Expiring(Consumer<K> left) {
            this.left = left;
        }

        /** Lets go of what should be gone by now; the other methods find all that is left. */
        void passTo(Instant now) {
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

        /** Puts a value, instead of the one that was there. */
        void put(K key, V value, Instant until) {
            Held<K, V> next = new Held<>(key, value, until);
            // the one before stays in the queue until its time: to look for it there would take
            // long
            held.put(key, next);
            leaving.add(next);
        }

        private record Held<K, V>(K key, V value, Instant until) {}
    }
}

package services.chorus.seqthink.state;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static services.chorus.seqthink.state.Admission.ADMITTED;
import static services.chorus.seqthink.state.Admission.FULL;
import static services.chorus.seqthink.state.Admission.KNOWN;
import static services.chorus.seqthink.state.Admission.UNAVAILABLE;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.state.SharedState.Snapshot;
import services.chorus.seqthink.state.SharedState.Subscription;

/** The behaviour that every store must have. */
abstract class SharedStateContract {

    static final Name ONE = new Name("test", "one");
    static final Name TWO = new Name("test", "two");
    static final Duration LONG = Duration.ofHours(1);
    static final SharedState.Limits LIMITS = new SharedState.Limits(1_000, 1 << 20, LONG);

    private final NamedSecrets secrets = new NamedSecrets("A");
    private final List<SealedState> opened = new ArrayList<>();

    /** Another replica over the store of this test. */
    abstract SealedState over(StateSecrets secrets);

    /** A life that expires soon. */
    abstract Duration shortLife();

    /** Lets about half of a short life pass. */
    abstract void passTime();

    final SealedState replica(StateSecrets secrets) {
        SealedState state = over(secrets);
        opened.add(state);
        return state;
    }

    private SealedState replica() {
        return replica(secrets);
    }

    @AfterEach
    void closeReplicas() {
        opened.forEach(SealedState::close);
    }

    @Test
    void putsAValueOnce() {
        SealedState mine = replica();
        SealedState yours = replica();

        assertThat(get(mine, ONE)).isEmpty();
        assertThat(put(mine, ONE, "a", LONG)).isTrue();
        assertThat(put(yours, ONE, "b", LONG)).isFalse();

        assertThat(get(mine, ONE)).hasValue("a");
        assertThat(get(yours, ONE)).hasValue("a");
        assertThat(get(yours, TWO)).isEmpty();
    }

    @Test
    void keepsNamesOfDifferentUsesApart() {
        SealedState state = replica();

        put(state, new Name("ab", "c"), "1", LONG);

        assertThat(get(state, new Name("a", "bc"))).isEmpty();
        assertThat(get(state, new Name("c", "ab"))).isEmpty();
    }

    @Test
    void expiresAValue() {
        SealedState state = replica();
        put(state, ONE, "short", shortLife());
        put(state, TWO, "long", LONG);

        eventually(() -> get(state, ONE).isEmpty());

        assertThat(get(state, TWO)).hasValue("long");
        assertThat(renew(state, ONE, LONG)).isFalse();
        // the store's clock may be slightly behind
        eventually(() -> put(state, ONE, "anew", LONG));
    }

    @Test
    void extendsTheLifeOfAValue() {
        SealedState state = replica();
        put(state, ONE, "kept", shortLife());
        put(state, TWO, "left", shortLife());

        assertThat(renew(state, ONE, LONG)).isTrue();

        eventually(() -> get(state, TWO).isEmpty());
        assertThat(get(state, ONE)).hasValue("kept");
    }

    @Test
    void shortensTheLifeOfAValue() {
        SealedState state = replica();
        put(state, ONE, "a", LONG);

        assertThat(renew(state, ONE, shortLife())).isTrue();

        eventually(() -> get(state, ONE).isEmpty());
        eventually(() -> put(state, ONE, "b", LONG));
    }

    @Test
    void renewsAValueConcurrently() throws Exception {
        SealedState state = replica();
        put(state, ONE, "a", LONG);

        assertThat(atOnce(8, i -> renew(state, ONE, LONG))).doesNotContain(false);
        assertThat(get(state, ONE)).hasValue("a");
    }

    @Test
    void swapsAValueThatHasNotChanged() {
        SealedState mine = replica();
        SealedState yours = replica();
        Snapshot before = mine.look(ONE);
        Snapshot alsoBefore = yours.look(ONE);

        assertThat(before.value()).isEmpty();
        assertThat(swap(before, "a", LONG)).isTrue();
        assertThat(swap(alsoBefore, "b", LONG)).isFalse();
        assertThat(swap(before, "c", LONG)).isFalse();
        assertThat(get(yours, ONE)).hasValue("a");

        Snapshot between = yours.look(ONE);
        assertThat(between.value()).hasValue("a".getBytes(UTF_8));
        assertThat(swap(mine.look(ONE), "a", LONG)).isTrue();
        assertThat(swap(between, "d", LONG)).isFalse();
        assertThat(get(yours, ONE)).hasValue("a");
        assertThat(get(yours, TWO)).isEmpty();
    }

    @Test
    void doesNotSwapAValueThatExpired() {
        SealedState state = replica();
        put(state, ONE, "short", shortLife());
        Snapshot before = state.look(ONE);
        assertThat(before.value()).isPresent();

        eventually(() -> get(state, ONE).isEmpty());
        // the store's clock may be slightly behind
        eventually(() -> put(state, ONE, "anew", LONG));

        assertThat(swap(before, "late", LONG)).isFalse();
        assertThat(get(state, ONE)).hasValue("anew");
    }

    @Test
    void givesASwappedValueItsOwnLife() {
        SealedState state = replica();
        put(state, ONE, "short", shortLife());
        put(state, TWO, "long", LONG);

        assertThat(swap(state.look(ONE), "longer", LONG)).isTrue();
        assertThat(swap(state.look(TWO), "shorter", shortLife())).isTrue();

        eventually(() -> get(state, TWO).isEmpty());
        assertThat(get(state, ONE)).hasValue("longer");
    }

    @Test
    void losesNoConcurrentSwapAtReplicasWithDifferentNewestSecrets() throws Exception {
        SealedState older = replica(new NamedSecrets("A", "B"));
        SealedState newer = replica(new NamedSecrets("B", "A"));

        atOnce(
                16,
                i -> {
                    SealedState state = i % 2 == 0 ? older : newer;
                    while (!countOneMore(state)) {
                        Thread.onSpinWait();
                    }
                    return i;
                });

        assertThat(get(older, ONE)).hasValue("16");
    }

    private static boolean countOneMore(SharedState state) {
        Snapshot seen = state.look(ONE);
        int count = seen.value().map(SharedStateContract::text).map(Integer::valueOf).orElse(0);
        return swap(seen, String.valueOf(count + 1), LONG);
    }

    @Test
    void swapsAValueSealedUnderAnOlderSecret() {
        NamedSecrets rotated = new NamedSecrets("A");
        SealedState state = replica(rotated);
        put(state, ONE, "a", LONG);

        rotated.change("B", "A");
        assertThat(swap(state.look(ONE), "b", LONG)).isTrue();
        rotated.change("B");
        assertThat(get(state, ONE)).hasValue("b");

        rotated.change("C");
        Snapshot unknown = state.look(ONE);
        assertThat(unknown.value()).isEmpty();
        assertThat(swap(unknown, "c", LONG)).isTrue();
        assertThat(get(state, ONE)).hasValue("c");
    }

    @Test
    void admitsAMemberOnce() {
        SealedState mine = replica();
        SealedState yours = replica();

        assertThat(admit(mine, ONE, "m", LONG, 9)).isEqualTo(ADMITTED);
        assertThat(admit(mine, ONE, "m", LONG, 9)).isEqualTo(KNOWN);
        assertThat(admit(yours, ONE, "m", LONG, 9)).isEqualTo(KNOWN);
        assertThat(admit(yours, ONE, "n", LONG, 9)).isEqualTo(ADMITTED);
        assertThat(admit(yours, TWO, "m", LONG, 9)).isEqualTo(ADMITTED);
    }

    @Test
    void rejectsMembersOfAFullGroupUntilOneExpires() {
        SealedState state = replica();
        admit(state, ONE, "a", shortLife(), 2);
        admit(state, ONE, "b", LONG, 2);

        assertThat(admit(state, ONE, "b", LONG, 2)).isEqualTo(KNOWN);
        assertThat(admit(state, TWO, "c", LONG, 2)).isEqualTo(ADMITTED);
        eventually(() -> admit(state, ONE, "c", LONG, 2) == ADMITTED);
        assertThat(admit(state, ONE, "d", LONG, 2)).isEqualTo(FULL);
        assertThat(admit(state, ONE, "b", LONG, 2)).isEqualTo(KNOWN);
    }

    @Test
    void admitsAMemberAgainAfterItExpired() {
        SealedState state = replica();
        admit(state, ONE, "a", shortLife(), 9);
        admit(state, ONE, "b", LONG, 9);

        eventually(() -> admit(state, ONE, "a", LONG, 9) == ADMITTED);

        assertThat(admit(state, ONE, "b", LONG, 9)).isEqualTo(KNOWN);
    }

    @Test
    void admitsOnceAtReplicasWithDifferentNewestSecrets() {
        SealedState older = replica(new NamedSecrets("A", "B"));
        SealedState newer = replica(new NamedSecrets("B", "A"));
        SealedState newest = replica(new NamedSecrets("C", "B"));

        assertThat(admit(older, ONE, "m", LONG, 9)).isEqualTo(ADMITTED);
        assertThat(admit(newer, ONE, "m", LONG, 9)).isEqualTo(KNOWN);
        assertThat(admit(newest, ONE, "m", LONG, 9)).isEqualTo(KNOWN);
        assertThat(put(newer, ONE, "v", LONG)).isTrue();
        assertThat(put(older, ONE, "w", LONG)).isFalse();
        assertThat(get(older, ONE)).hasValue("v");
        assertThat(get(newest, ONE)).hasValue("v");
        assertThat(put(newest, ONE, "w", LONG)).isFalse();
    }

    @Test
    void admitsConcurrentlyOnceAtReplicasWithDifferentNewestSecrets() throws Exception {
        SealedState older = replica(new NamedSecrets("A", "B"));
        SealedState newer = replica(new NamedSecrets("B", "A"));

        for (int round = 0; round < 50; round++) {
            String member = "m" + round;
            List<Admission> admissions =
                    atOnce(8, i -> admit(i % 2 == 0 ? older : newer, ONE, member, LONG, 99));
            assertThat(admissions).containsOnlyOnce(ADMITTED).containsOnly(ADMITTED, KNOWN);
        }
    }

    @Test
    void appendsToALogAndReadsIt() {
        SealedState mine = replica();
        SealedState yours = replica();

        assertThat(mine.read(ONE, 0, 999)).isEqualTo(SharedState.Page.NONE);
        SharedState.Position first = append(mine, ONE, "a");
        SharedState.Position second = append(yours, ONE, "b");

        assertThat(first.sequence()).isEqualTo(1);
        assertThat(second).isEqualTo(new SharedState.Position(first.epoch(), 2));
        assertThat(read(mine, ONE, 0)).containsExactly("1 a", "2 b");
        assertThat(read(yours, ONE, 1)).containsExactly("2 b");
        assertThat(read(yours, ONE, 2)).isEmpty();
        assertThat(read(yours, ONE, Long.MAX_VALUE)).isEmpty();
        assertThat(yours.read(ONE, 2, 999).end()).hasValue(second);
        assertThat(append(mine, TWO, "c").epoch()).isNotEqualTo(first.epoch());
    }

    @Test
    void readsUpToTheLimitInBytesButAtLeastOneEntry() {
        SealedState state = replica();
        List.of("aaaa", "bbbb", "cccc").forEach(entry -> append(state, ONE, entry));

        assertThat(entries(state.read(ONE, 0, 11))).containsExactly("1 aaaa", "2 bbbb");
        assertThat(entries(state.read(ONE, 0, 12))).hasSize(3);
        assertThat(entries(state.read(ONE, 1, 1))).containsExactly("2 bbbb");
    }

    @Test
    void dropsTheOldestEntriesOfALongLog() {
        SealedState state = replica();
        SharedState.Limits two = new SharedState.Limits(2, 99, LONG);

        List.of("a", "b", "c", "d").forEach(entry -> append(state, ONE, entry, two));

        assertThat(read(state, ONE, 0)).containsExactly("3 c", "4 d");
        assertThat(read(state, ONE, 3)).containsExactly("4 d");
    }

    @Test
    void dropsTheOldestEntriesOfALargeLog() {
        SealedState state = replica();
        SharedState.Limits five = new SharedState.Limits(99, 5, LONG);

        List.of("aa", "bb", "ccc").forEach(entry -> append(state, ONE, entry, five));
        assertThat(read(state, ONE, 0)).containsExactly("2 bb", "3 ccc");

        append(state, ONE, "ddddd", five);
        assertThat(read(state, ONE, 0)).containsExactly("4 ddddd");
        assertThatIllegalArgumentException().isThrownBy(() -> append(state, ONE, "123456", five));
    }

    @Test
    void beginsANewEpochAfterALogExpired() {
        SealedState state = replica();
        SharedState.Position before =
                append(state, ONE, "a", new SharedState.Limits(9, 99, shortLife()));

        eventually(() -> state.read(ONE, 0, 999).equals(SharedState.Page.NONE));

        SharedState.Position after = append(state, ONE, "b");
        assertThat(after.sequence()).isEqualTo(1);
        assertThat(after.epoch()).isNotEqualTo(before.epoch());
        assertThat(read(state, ONE, 0)).containsExactly("1 b");
    }

    @Test
    void expiresAnEntryOfALogThatContinues() {
        SealedState state = replica();
        append(state, ONE, "a", new SharedState.Limits(9, 99, shortLife()));
        append(state, ONE, "b");

        eventually(() -> read(state, ONE, 0).equals(List.of("2 b")));
    }

    @Test
    void givesEachConcurrentAppendItsOwnSequenceNumber() throws Exception {
        SealedState older = replica(new NamedSecrets("A", "B"));
        SealedState newer = replica(new NamedSecrets("B", "A"));

        List<SharedState.Position> positions =
                atOnce(100, i -> append(i % 2 == 0 ? older : newer, ONE, "e" + i));

        assertThat(positions.stream().map(SharedState.Position::epoch)).containsOnly(epoch(older));
        assertThat(positions.stream().map(SharedState.Position::sequence))
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.rangeClosed(1, 100).boxed().toList());
        assertThat(read(newer, ONE, 0))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 100)
                                .mapToObj(i -> positions.get(i).sequence() + " e" + i)
                                .toList())
                .isSortedAccordingTo((a, b) -> Long.compare(number(a), number(b)));
    }

    @Test
    void continuesWithDataSealedUnderOlderSecrets() {
        NamedSecrets rotated = new NamedSecrets("A");
        SealedState state = replica(rotated);
        put(state, ONE, "v", LONG);
        SharedState.Position begun = append(state, ONE, "a");

        rotated.change("B", "A");
        assertThat(get(state, ONE)).hasValue("v");
        assertThat(read(state, ONE, 0)).containsExactly("1 a");
        assertThat(append(state, ONE, "b")).isEqualTo(new SharedState.Position(begun.epoch(), 2));
        assertThat(read(state, ONE, 0)).containsExactly("1 a", "2 b");

        rotated.change("C", "B");
        assertThat(append(state, ONE, "c")).isEqualTo(new SharedState.Position(begun.epoch(), 3));
        assertThat(read(state, ONE, 0)).containsExactly("2 b", "3 c");
        assertThat(get(state, ONE)).isEmpty();
    }

    @Test
    void sealsARenewedValueUnderTheNewestSecret() {
        NamedSecrets rotated = new NamedSecrets("A");
        SealedState state = replica(rotated);
        put(state, ONE, "v", LONG);

        rotated.change("B", "A");
        assertThat(renew(state, ONE, LONG)).isTrue();
        rotated.change("B");

        assertThat(get(state, ONE)).hasValue("v");
    }

    @Test
    void notifiesFollowersAtEveryReplica() {
        SealedState older = replica(new NamedSecrets("A", "B"));
        SealedState newer = replica(new NamedSecrets("B", "A"));
        SealedState oldest = replica(new NamedSecrets("A"));
        Set<Name> notified = ConcurrentHashMap.newKeySet();
        Subscription one = newer.follow(ONE, () -> notified.add(ONE));
        Subscription two = newer.follow(TWO, () -> notified.add(TWO));
        Awaitility.await().atMost(10, SECONDS).until(() -> notified.equals(Set.of(ONE, TWO)));

        for (SealedState from : List.of(older, newer, oldest, older, newer, oldest)) {
            notified.clear();
            append(from, ONE, "a");
            Awaitility.await().atMost(10, SECONDS).until(() -> notified.contains(ONE));
        }

        one.close();
        two.close();
    }

    @Test
    void isNotChangedThroughItsCallersArrays() {
        SealedState state = replica();
        byte[] value = {'a'};
        byte[] entry = {'a'};
        state.look(ONE).swap(value, LONG);
        state.append(ONE, entry, LIMITS);
        value[0] = 'b';
        entry[0] = 'b';

        state.look(ONE).value().orElseThrow()[0] = 'c';
        state.read(ONE, 0, 9).entries().getFirst().bytes()[0] = 'c';

        assertThat(get(state, ONE)).hasValue("a");
        assertThat(read(state, ONE, 0)).containsExactly("1 a");
    }

    @Test
    void doesNothingOnAnInterruptedThreadAndLeavesItInterrupted() {
        SealedState state = replica();
        Snapshot seen = state.look(ONE);
        List<Runnable> operations =
                List.of(
                        () -> state.look(ONE),
                        () -> seen.swap(new byte[1], LONG),
                        () -> append(state, ONE, "a"),
                        () -> read(state, ONE, 0));

        Thread.currentThread().interrupt();
        for (Runnable operation : operations) {
            assertThatExceptionOfType(StateUnavailableException.class).isThrownBy(operation::run);
        }
        assertThat(admit(state, ONE, "m", LONG, 9)).isEqualTo(UNAVAILABLE);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(get(state, ONE)).isEmpty();
        assertThat(read(state, ONE, 0)).isEmpty();
    }

    final void eventually(Callable<Boolean> holds) {
        Awaitility.await()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(10))
                .atMost(10, SECONDS)
                .until(
                        () -> {
                            passTime();
                            return holds.call();
                        });
    }

    static boolean put(SharedState state, Name name, String value, Duration life) {
        Snapshot seen = state.look(name);
        return seen.value().isEmpty() && swap(seen, value, life);
    }

    /** Renews the life of a value, whatever other threads do. */
    static boolean renew(SharedState state, Name name, Duration life) {
        while (true) {
            Snapshot seen = state.look(name);
            if (seen.value().isEmpty()) {
                return false;
            }
            if (seen.swap(seen.value().get(), life)) {
                return true;
            }
        }
    }

    static boolean swap(Snapshot seen, String value, Duration life) {
        return seen.swap(value.getBytes(UTF_8), life);
    }

    static Optional<String> get(SharedState state, Name name) {
        return state.look(name).value().map(SharedStateContract::text);
    }

    static Admission admit(SharedState state, Name group, String member, Duration life, int most) {
        return state.admit(group, member, life, most);
    }

    static SharedState.Position append(SharedState state, Name log, String entry) {
        return append(state, log, entry, LIMITS);
    }

    static SharedState.Position append(
            SharedState state, Name log, String entry, SharedState.Limits limits) {
        return state.append(log, entry.getBytes(UTF_8), limits);
    }

    static List<String> read(SharedState state, Name log, long after) {
        return entries(state.read(log, after, 1 << 20));
    }

    static List<String> entries(SharedState.Page page) {
        return page.entries().stream()
                .map(entry -> entry.sequence() + " " + text(entry.bytes()))
                .toList();
    }

    private static String epoch(SharedState state) {
        return state.read(ONE, 0, 1).end().orElseThrow().epoch();
    }

    private static long number(String entry) {
        return Long.parseLong(entry.split(" ")[0]);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, UTF_8);
    }

    /** The results of work that all threads start at the same moment. */
    static <T> List<T> atOnce(int threads, IntFunction<T> work) throws Exception {
        CyclicBarrier start = new CyclicBarrier(threads);
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<T>> futures =
                    IntStream.range(0, threads)
                            .mapToObj(
                                    i ->
                                            executor.submit(
                                                    () -> {
                                                        start.await();
                                                        return work.apply(i);
                                                    }))
                            .toList();
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(future.get());
            }
            return results;
        }
    }
}

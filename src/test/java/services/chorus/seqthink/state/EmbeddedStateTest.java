package services.chorus.seqthink.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static services.chorus.seqthink.state.Admission.ADMITTED;
import static services.chorus.seqthink.state.Admission.FULL;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.config.Heap;
import services.chorus.seqthink.state.EmbeddedStore.Bounds;
import services.chorus.seqthink.state.SharedState.Subscription;

class EmbeddedStateTest extends SharedStateContract {

    private final AtomicReference<Instant> now =
            new AtomicReference<>(Instant.parse("2030-01-01T00:00:00Z"));
    private final InstantSource clock = now::get;
    private final EmbeddedStore store = new EmbeddedStore(Bounds.USUAL, clock);

    @Override
    SealedState over(StateSecrets secrets) {
        return new SealedState(store, secrets, "https://door.example", clock);
    }

    @Override
    Duration shortLife() {
        return Duration.ofMinutes(1);
    }

    @Override
    void passTime() {
        now.updateAndGet(instant -> instant.plusSeconds(30));
    }

    @Test
    void rejectsNewEntriesWhenFullUntilOneExpires() {
        SealedState state = bounded(new Bounds(2, 1 << 20));
        put(state, ONE, "v", Duration.ofSeconds(30));
        admit(state, ONE, "m", Duration.ofSeconds(50), 99);

        assertThat(admit(state, TWO, "n", LONG, 99)).isEqualTo(FULL);
        assertThatThrownBy(() -> put(state, TWO, "w", LONG))
                .isInstanceOf(StateUnavailableException.class);
        assertThat(append(state, ONE, "a").sequence()).isEqualTo(1);

        now.updateAndGet(instant -> instant.plusSeconds(30));
        assertThat(put(state, TWO, "w", LONG)).isTrue();
        now.updateAndGet(instant -> instant.plusSeconds(20));
        assertThat(admit(state, TWO, "n", LONG, 99)).isEqualTo(ADMITTED);
    }

    @Test
    void dropsTheLeastRecentlyUsedLogsOfAnOwner() {
        SealedState state = bounded(new Bounds(9, 3_000));
        Name kept = new Name("log", "kept", "me");
        append(state, kept, "k");

        for (int other = 0; other < 100; other++) {
            append(state, new Name("log", "" + other, "me"), "x".repeat(10));
            assertThat(read(state, kept, 0)).containsExactly("1 k");
        }

        long left =
                IntStream.range(0, 100)
                        .filter(o -> !read(state, new Name("log", "" + o), 0).isEmpty())
                        .count();
        assertThat(left).isBetween(1L, 10L);
    }

    @Test
    void oneGroupLeavesRoomForOthers() {
        SealedState state = bounded(new Bounds(1_000, 1 << 20));
        int admitted = 0;
        while (admit(state, ONE, "m" + admitted, LONG, 1_000_000) == ADMITTED) {
            admitted++;
        }

        assertThat(admitted).isEqualTo(500);
        assertThat(admit(state, TWO, "n", LONG, 1_000_000)).isEqualTo(ADMITTED);
        assertThat(put(state, TWO, "v", LONG)).isTrue();
    }

    @Test
    void anOwnerLosesItsOwnOldestLogsBeforeThoseOfOthers() {
        SealedState state = bounded(new Bounds(9, 30_000));
        Name first = new Name("log", "first", "other");
        Name second = new Name("log", "second", "other");
        append(state, first, "x".repeat(1_000));
        append(state, second, "x".repeat(10_000));

        for (int log = 0; log < 192; log++) {
            append(state, new Name("log", "" + log, "greedy"), "x".repeat(1_000));
        }

        assertThat(read(state, first, 0)).hasSize(1);
        assertThat(read(state, second, 0)).hasSize(1);
        assertThat(read(state, new Name("log", "0", "greedy"), 0)).isEmpty();
        assertThat(read(state, new Name("log", "191", "greedy"), 0)).hasSize(1);
    }

    @Test
    void theOwnerWithMostMakesRoomForANewOne() {
        SealedState state = bounded(new Bounds(9, 10_000));
        for (int log = 0; log < 20; log++) {
            append(state, new Name("log", "" + log, "greedy"), "x".repeat(1_000));
        }

        for (int log = 0; log < 3; log++) {
            append(state, new Name("log", "new" + log, "late"), "x".repeat(1_000));
        }

        for (int log = 0; log < 3; log++) {
            assertThat(read(state, new Name("log", "new" + log, "late"), 0)).hasSize(1);
        }
    }

    @Test
    void forgetsTheOwnerOfLogsThatExpired() {
        SealedState state = bounded(new Bounds(9, 3_000));
        for (int round = 0; round < 3; round++) {
            for (int owner = 0; owner < 5; owner++) {
                append(state, new Name("log", "" + owner, "" + owner), "x".repeat(100));
                assertThat(read(state, new Name("log", "" + owner), 0)).hasSize(1);
            }
            now.updateAndGet(instant -> instant.plus(LONG).plusSeconds(1));
        }
    }

    @Test
    void keepsNoMoreLogsThanAnEighthOfTheHeap() {
        assertThat(Bounds.within(new Heap(384L << 20)).logWeight()).isEqualTo(48L << 20);
        assertThat(Bounds.within(new Heap(4L << 30)).logWeight()).isEqualTo(256L << 20);
        assertThat(Bounds.within(new Heap(384L << 20)).things()).isEqualTo((96 << 20) / 320);
        assertThat(Bounds.within(new Heap(Long.MAX_VALUE))).isEqualTo(Bounds.USUAL);
    }

    @Test
    void notifiesNoFollowerOfAnotherLog() {
        SealedState state = replica(new NamedSecrets("B", "A"));
        AtomicInteger notified = new AtomicInteger();
        Subscription following = state.follow(ONE, notified::incrementAndGet);

        append(state, TWO, "a");
        assertThat(notified).hasValue(1);
        following.close();
        append(state, ONE, "b");
        assertThat(notified).hasValue(1);
    }

    @Test
    void losesNoneOfAThousandConcurrentAppends() throws Exception {
        SealedState state = replica(new NamedSecrets("A"));

        atOnce(1_000, entry -> append(state, ONE, "" + entry));

        assertThat(read(state, ONE, 0)).hasSize(1_000).doesNotHaveDuplicates();
        assertThat(append(state, ONE, "last").sequence()).isEqualTo(1_001);
    }

    private SealedState bounded(Bounds bounds) {
        return new SealedState(
                new EmbeddedStore(bounds, clock),
                new NamedSecrets("A"),
                "https://door.example",
                clock);
    }
}

package services.chorus.seqthink.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.config.Heap;

class InflightBytesTest {

    private static final long MOST = 2 * 1024 * 1024;

    private final InflightBytes inflight = of(1, 2, new Heap(1L << 30));

    @Test
    void reservesUpToTheLimit() {
        assertThat(inflight.reserve(MOST - 1)).isTrue();
        assertThat(inflight.reserve(2)).isFalse();
        assertThat(inflight.reserve(1)).isTrue();
        assertThat(inflight.reserve(1)).isFalse();
        assertThat(inflight.reserve(0)).isTrue();
    }

    @Test
    void aFailedReservationHoldsNothing() {
        assertThat(inflight.reserve(MOST + 1)).isFalse();
        assertThat(inflight.reserve(MOST)).isTrue();
    }

    @Test
    void releasedBytesCanBeReservedAgain() {
        assertThat(inflight.reserve(MOST)).isTrue();
        inflight.release(10);

        assertThat(inflight.reserve(11)).isFalse();
        assertThat(inflight.reserve(10)).isTrue();
    }

    @Test
    void countsManyMibWithoutOverflow() {
        InflightBytes large = of(4, 65_536, new Heap(Long.MAX_VALUE));

        assertThat(large.reserve(65_536L * 1024 * 1024)).isTrue();
        assertThat(large.reserve(1)).isFalse();
    }

    @Test
    void reservesASixteenthOfTheHeapAtMost() {
        InflightBytes small = of(4, 64, new Heap(384L << 20));

        assertThat(small.reserve((24L << 20) + 1)).isFalse();
        assertThat(small.reserve(24L << 20)).isTrue();
    }

    @Test
    void hasRoomForOneBodyInATinyHeap() {
        InflightBytes tiny = of(4, 64, new Heap(16L << 20));

        assertThat(tiny.reserve((4L << 20) + 1)).isFalse();
        assertThat(tiny.reserve(4L << 20)).isTrue();
    }

    @Test
    void neverExceedsTheLimitWithManyThreads() throws Exception {
        AtomicLong held = new AtomicLong();
        AtomicLong mostHeld = new AtomicLong();
        List<Runnable> callers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            callers.add(
                    () -> {
                        for (int turn = 0; turn < 10_000; turn++) {
                            if (inflight.reserve(MOST / 3)) {
                                long now = held.addAndGet(MOST / 3);
                                mostHeld.accumulateAndGet(now, Math::max);
                                held.addAndGet(-MOST / 3);
                                inflight.release(MOST / 3);
                            }
                        }
                    });
        }
        runTogether(callers);

        assertThat(mostHeld.get()).isBetween(MOST / 3, MOST);
        assertThat(inflight.reserve(MOST)).isTrue();
    }

    @Test
    void aFailedReservationDoesNotAffectOthers() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        AtomicLong refused = new AtomicLong();
        Runnable greedy =
                () -> {
                    for (int turn = 0; turn < 1_000_000; turn++) {
                        inflight.reserve(MOST + 1);
                    }
                    done.set(true);
                };
        Runnable modest =
                () -> {
                    while (!done.get()) {
                        if (inflight.reserve(1)) {
                            inflight.release(1);
                        } else {
                            refused.incrementAndGet();
                        }
                    }
                };
        runTogether(List.of(greedy, modest));

        assertThat(refused).hasValue(0);
    }

    private static InflightBytes of(int maxBodyMb, int maxInflightMb, Heap heap) {
        return new InflightBytes(
                BodyLimits.of(maxBodyMb, Duration.ofSeconds(30), maxInflightMb, heap));
    }

    private static void runTogether(List<Runnable> callers) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(callers.size())) {
            List<Future<?>> running = new ArrayList<>();
            callers.forEach(caller -> running.add(threads.submit(caller)));
            for (Future<?> each : running) {
                each.get();
            }
        }
    }
}

package services.chorus.seqthink.policy.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static services.chorus.seqthink.policy.limits.Shares.Grant.FULL;
import static services.chorus.seqthink.policy.limits.Shares.Grant.GRANTED;
import static services.chorus.seqthink.policy.limits.Shares.Grant.OVER_SHARE;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SharesTest {

    private final Shares<String> shares = new Shares<>(100, 2, 60);

    @Test
    void aLoneHolderGetsHalf() {
        assertThat(shares.take("a", 50)).isEqualTo(GRANTED);
        assertThat(shares.take("a", 1)).isEqualTo(OVER_SHARE);
        assertThat(shares.held()).isEqualTo(50);
    }

    @Test
    void leavesSomethingBesideSeveralGreedyHolders() {
        for (int greedy = 0; greedy < 5; greedy++) {
            while (shares.take("greedy " + greedy, 1) == GRANTED) {
                // takes all that it can get
            }
        }

        assertThat(shares.take("modest", 1)).isEqualTo(GRANTED);
        assertThat(shares.take("greedy 0", 1)).isEqualTo(OVER_SHARE);
    }

    @Test
    void grantsTheSmallestShareUntilNothingIsFree() {
        for (int holder = 0; holder < 50; holder++) {
            assertThat(shares.take("holder " + holder, 2)).isEqualTo(GRANTED);
        }
        assertThat(shares.take("one more", 1)).isEqualTo(FULL);
    }

    @Test
    void limitsTheLargestShare() {
        Shares<String> streams = new Shares<>(1000, 1, 16);

        assertThat(streams.take("a", 16)).isEqualTo(GRANTED);
        assertThat(streams.check("a", 1)).isEqualTo(OVER_SHARE);
    }

    @Test
    void whatIsReleasedCanBeTakenAgain() {
        assertThat(shares.take("a", 50)).isEqualTo(GRANTED);
        assertThat(shares.take("b", 25)).isEqualTo(GRANTED);
        assertThat(shares.take("b", 1)).isEqualTo(OVER_SHARE);

        shares.release("a", 20);

        assertThat(shares.take("b", 10)).isEqualTo(GRANTED);
        shares.release("a", 30);
        shares.release("b", 35);
        assertThat(shares.held()).isZero();
        assertThat(shares.take("c", 50)).isEqualTo(GRANTED);
    }

    @Test
    void aRefusalTakesNothing() {
        assertThat(shares.take("a", 101)).isEqualTo(FULL);
        assertThat(shares.take("a", 51)).isEqualTo(OVER_SHARE);
        assertThat(shares.check("a", 50)).isEqualTo(GRANTED);
        assertThat(shares.held()).isZero();
    }

    @Test
    void neverExceedsTheTotalWithManyThreads() throws Exception {
        AtomicLong most = new AtomicLong();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<?>> running =
                    IntStream.range(0, 8)
                            .<Future<?>>mapToObj(i -> threads.submit(() -> takeAndRelease(i, most)))
                            .toList();
            for (Future<?> each : running) {
                each.get();
            }
        }
        assertThat(most.get()).isBetween(1L, 100L);
        assertThat(shares.held()).isZero();
    }

    private void takeAndRelease(int holder, AtomicLong most) {
        for (int turn = 0; turn < 10_000; turn++) {
            if (shares.take("holder " + holder, 20) == GRANTED) {
                most.accumulateAndGet(shares.held(), Math::max);
                shares.release("holder " + holder, 20);
            }
        }
    }
}

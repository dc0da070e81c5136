package services.chorus.seqthink.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.mcp.SharedCheck.Check;
import services.chorus.seqthink.mcp.UpstreamException.Kind;

class SharedCheckTest {

    private static final Duration HOLDS = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger checks = new AtomicInteger();

    @Test
    void sharesAnOutcomeWhileItIsFresh() throws Exception {
        SharedCheck shared = shared(() -> {});

        shared.await();
        nanos.addAndGet(HOLDS.toNanos() - 1);
        shared.await();
        assertThat(checks).hasValue(1);

        nanos.incrementAndGet();
        shared.await();
        assertThat(checks).hasValue(2);
    }

    @Test
    void checksAgainAfterAFailure() throws Exception {
        AtomicInteger failures = new AtomicInteger(1);
        SharedCheck shared =
                shared(
                        () -> {
                            if (failures.getAndDecrement() > 0) {
                                throw new UpstreamException(Kind.NOT_SUPPORTED);
                            }
                        });

        assertThat(Failures.kind(shared::await)).isEqualTo(Kind.NOT_SUPPORTED);
        assertThat(Failures.kind(shared::await)).isEqualTo(Kind.NOT_SUPPORTED);
        nanos.addAndGet(HOLDS.toNanos());
        shared.await();

        assertThat(checks).hasValue(2);
    }

    @Test
    void continuesASlowCheckWhenItsFirstWaiterLeaves() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<Void> release = new CompletableFuture<>();
        SharedCheck shared =
                shared(
                        () -> {
                            begun.countDown();
                            release.join();
                        });

        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> leaver = threads.submit(() -> awaited(shared));
            begun.await();
            nanos.addAndGet(HOLDS.multipliedBy(3).toNanos());
            Future<?> stayer = threads.submit(() -> awaited(shared));
            leaver.cancel(true);
            release.complete(null);

            assertThat(stayer).succeedsWithin(PATIENCE);
        }
        shared.await();
        assertThat(checks).hasValue(1);
    }

    @Test
    void hidesUnexpectedExceptions() {
        SharedCheck shared =
                shared(
                        () -> {
                            throw new IllegalStateException("SECRET");
                        });

        assertThat(Failures.kind(shared::await)).isEqualTo(Kind.BROKEN_REPLY);
    }

    private SharedCheck shared(Check check) {
        return new SharedCheck(
                () -> {
                    checks.incrementAndGet();
                    check.run();
                },
                HOLDS,
                nanos::get);
    }

    private static Void awaited(SharedCheck shared) throws UpstreamException, InterruptedException {
        shared.await();
        return null;
    }
}

package services.chorus.seqthink.policy.limits;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.distributed.AsyncBucketProxy;
import io.github.bucket4j.distributed.proxy.AsyncProxyManager;
import io.github.bucket4j.distributed.proxy.ClientSideConfig;
import io.github.bucket4j.distributed.proxy.generic.compare_and_swap.AbstractCompareAndSwapBasedProxyManager;
import io.github.bucket4j.distributed.proxy.generic.compare_and_swap.AsyncCompareAndSwapOperation;
import io.github.bucket4j.distributed.proxy.generic.compare_and_swap.CompareAndSwapOperation;
import io.github.bucket4j.distributed.proxy.optimization.Optimizations;
import io.github.bucket4j.distributed.remote.RemoteBucketState;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import services.chorus.seqthink.state.Name;
import services.chorus.seqthink.state.SharedState;
import services.chorus.seqthink.state.SharedState.Snapshot;

/**
 * A bucket for each id, shared by all replicas of the same rate. What is asked of one bucket while
 * the store is being asked about it goes to the store together, so nobody who asks much takes the
 * store from others. Safe for use by several threads.
 *
 * <p>Time is each replica's own wall clock. A bucket fills up to the latest time that any replica
 * has shown it and never runs back, so replicas whose clocks differ by some seconds let a caller
 * have what fills in that time too much, once, and never more than one bucket; and to the one that
 * is behind the bucket seems to fill that much later. Where nothing was taken for {@link #LIFE}, a
 * bucket is forgotten, with whatever time it was shown.
 */
final class SharedBuckets {

    private static final int MOST = 20_000;

    /** How long a request may wait for the store. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** A minute to fill up again, and two more for clocks to differ by. */
    private static final Duration LIFE = Duration.ofMinutes(3);

    private final int perMinute;
    private final CompletableFuture<BucketConfiguration> configuration;
    private final AsyncProxyManager<Name> manager;
    private final Runnable away;
    private final Cache<String, AsyncBucketProxy> inUse =
            Caffeine.newBuilder().maximumSize(MOST).build();

    /**
     * @param away called for each request that the store did not judge in time
     */
    SharedBuckets(int perMinute, SharedState state, InstantSource clock, Runnable away) {
        this.perMinute = perMinute;
        this.configuration =
                CompletableFuture.completedFuture(
                        BucketConfiguration.builder()
                                .addLimit(LocalBuckets.perMinute(perMinute))
                                .build());
        this.manager = new InState(state, clock).asAsync();
        this.away = away;
    }

    /**
     * Takes one out of a bucket, if there is one in it. Blocks for a second at most.
     *
     * @return empty when the store did not answer in time or the thread is interrupted, which it
     *     stays; one may be taken all the same then
     */
    Optional<Standing> take(String id) {
        try {
            return Optional.of(
                    Standing.of(
                            perMinute,
                            of(id).tryConsumeAndReturnRemaining(1)
                                    .get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            away.run();
        }
        return Optional.empty();
    }

    private AsyncBucketProxy of(String id) {
        return inUse.get(
                id,
                absent ->
                        manager.builder()
                                .withOptimization(Optimizations.batching())
                                .build(name(id), () -> configuration));
    }

    /** Replicas of another rate, as there are during a rollout, count by themselves. */
    private Name name(String id) {
        return new Name("rate/" + perMinute, id);
    }

    /** Keeps bucket4j's buckets in what replicas share. */
    private static final class InState extends AbstractCompareAndSwapBasedProxyManager<Name> {

        private final SharedState state;

        InState(SharedState state, InstantSource clock) {
            super(
                    ClientSideConfig.getDefault()
                            .withClientClock(new WallClock(clock))
                            .withRequestTimeout(PATIENCE));
            this.state = state;
        }

        @Override
        protected AsyncCompareAndSwapOperation beginAsyncCompareAndSwapOperation(Name bucket) {
            return new Exchange(state, bucket);
        }

        @Override
        public boolean isAsyncModeSupported() {
            return true;
        }

        @Override
        protected CompareAndSwapOperation beginCompareAndSwapOperation(Name bucket) {
            throw new UnsupportedOperationException("Used asynchronously only");
        }

        @Override
        protected CompletableFuture<Void> removeAsync(Name bucket) {
            throw new UnsupportedOperationException("Buckets go by time only");
        }

        @Override
        public void removeProxy(Name bucket) {
            throw new UnsupportedOperationException("Buckets go by time only");
        }
    }

    /** Waits for the state on threads of its own: it may take longer than a request waits. */
    private static final class Exchange implements AsyncCompareAndSwapOperation {

        private final SharedState state;
        private final Name bucket;
        private volatile Snapshot seen;

        Exchange(SharedState state, Name bucket) {
            this.state = state;
            this.bucket = bucket;
        }

        @Override
        public CompletableFuture<Optional<byte[]>> getStateData(Optional<Long> timeout) {
            return CompletableFuture.supplyAsync(
                    () -> {
                        seen = state.look(bucket);
                        return seen.value();
                    },
                    Thread::startVirtualThread);
        }

        @Override
        public CompletableFuture<Boolean> compareAndSwap(
                byte[] before, byte[] after, RemoteBucketState unread, Optional<Long> timeout) {
            return CompletableFuture.supplyAsync(
                    () -> seen.swap(after, LIFE), Thread::startVirtualThread);
        }
    }

    private record WallClock(InstantSource clock) implements TimeMeter {

        @Override
        public long currentTimeNanos() {
            return clock.millis() * 1_000_000;
        }

        @Override
        public boolean isWallClockBased() {
            return true;
        }
    }
}

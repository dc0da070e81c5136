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
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import services.chorus.seqthink.state.Name;
import services.chorus.seqthink.state.SharedState;
import services.chorus.seqthink.state.SharedState.Snapshot;

/**
 * A token bucket for each id, shared by all replicas with the same rate. Requests for one bucket
 * that arrive during a store operation are batched into the next, so that a busy caller does not
 * occupy the store. Safe for use by several threads.
 *
 * <p>Each replica uses its own wall clock, and a bucket's time never goes back. When clocks differ
 * by some seconds, a caller can once get the tokens that refill in this difference, at most a full
 * bucket; on the replica that is behind, the bucket refills that much later. A bucket that is not
 * used for {@link #LIFE} is removed.
 */
final class SharedBuckets {

    private static final int MOST = 20_000;

    /** How long a request may wait for the store. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** A minute to refill, and two more for differing clocks. */
    private static final Duration LIFE = Duration.ofMinutes(3);

    private final int perMinute;
    private final CompletableFuture<BucketConfiguration> configuration;
    private final AsyncProxyManager<Name> manager;
    private final Runnable away;
    private final Cache<String, AsyncBucketProxy> inUse =
            Caffeine.newBuilder().maximumSize(MOST).build();

    /**
     * @param clock a wall clock
     * @param away called for each request without an answer from the store in time
     */
    SharedBuckets(int perMinute, SharedState state, TimeMeter clock, Runnable away) {
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
     * Takes a token from a bucket. Blocks for a second at most.
     *
     * @return empty when the store did not answer in time or the thread is interrupted; the store
     *     may take the token nevertheless
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

    /** Replicas with different rates, as during a rollout, have separate buckets. */
    private Name name(String id) {
        return new Name("rate/" + perMinute, id);
    }

    /** Stores bucket4j's buckets in the shared state. */
    private static final class InState extends AbstractCompareAndSwapBasedProxyManager<Name> {

        private final SharedState state;

        InState(SharedState state, TimeMeter clock) {
            super(
                    ClientSideConfig.getDefault()
                            .withClientClock(clock)
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
            throw new UnsupportedOperationException("Buckets are used asynchronously only");
        }

        @Override
        protected CompletableFuture<Void> removeAsync(Name bucket) {
            throw new UnsupportedOperationException("Buckets expire by themselves");
        }

        @Override
        public void removeProxy(Name bucket) {
            throw new UnsupportedOperationException("Buckets expire by themselves");
        }
    }

    /** Runs on its own virtual threads: the state may take longer than a request waits. */
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
}

package services.chorus.seqthink.policy.limits;

import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.distributed.proxy.ClientSideConfig;
import io.github.bucket4j.distributed.proxy.generic.compare_and_swap.AbstractCompareAndSwapBasedProxyManager;
import io.github.bucket4j.distributed.proxy.generic.compare_and_swap.AsyncCompareAndSwapOperation;
import io.github.bucket4j.distributed.proxy.generic.compare_and_swap.CompareAndSwapOperation;
import io.github.bucket4j.distributed.remote.RemoteBucketState;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import services.chorus.seqthink.state.Name;
import services.chorus.seqthink.state.SharedState;
import services.chorus.seqthink.state.Snapshot;

/**
 * Keeps bucket4j's buckets in what replicas share.
 *
 * <p>Time is each replica's own wall clock. A bucket fills up to the latest time that any replica
 * has shown it and never runs back, so replicas whose clocks differ by some seconds let a caller
 * have what fills in that time too much, once, and never more than one bucket; and to the one that
 * is behind the bucket seems to fill that much later. Where nothing was taken for {@link #LIFE}, a
 * bucket is forgotten, with whatever time it was shown.
 */
final class StateProxyManager extends AbstractCompareAndSwapBasedProxyManager<Name> {

    /** A minute to fill up again, and two more for clocks to differ by. */
    private static final Duration LIFE = Rate.MINUTE.multipliedBy(3);

    private final SharedState state;

    /**
     * @param patience when to stop trying again for a bucket that others change all the time
     */
    StateProxyManager(SharedState state, InstantSource clock, Duration patience) {
        super(
                ClientSideConfig.getDefault()
                        .withClientClock(new WallClock(clock))
                        .withRequestTimeout(patience));
        this.state = state;
    }

    @Override
    protected AsyncCompareAndSwapOperation beginAsyncCompareAndSwapOperation(Name bucket) {
        return new Exchange(bucket);
    }

    @Override
    public boolean isAsyncModeSupported() {
        return true;
    }

    @Override
    protected CompareAndSwapOperation beginCompareAndSwapOperation(Name bucket) {
        throw new UnsupportedOperationException("Nobody waits for a bucket");
    }

    @Override
    protected CompletableFuture<Void> removeAsync(Name bucket) {
        throw new UnsupportedOperationException("Buckets go by time only");
    }

    @Override
    public void removeProxy(Name bucket) {
        throw new UnsupportedOperationException("Buckets go by time only");
    }

    private final class Exchange implements AsyncCompareAndSwapOperation {

        private final Name bucket;
        private volatile Snapshot seen;

        Exchange(Name bucket) {
            this.bucket = bucket;
        }

        @Override
        public CompletableFuture<Optional<byte[]>> getStateData(Optional<Long> timeout) {
            return state.look(bucket)
                    .invoke(now -> seen = now)
                    .map(Snapshot::value)
                    .subscribeAsCompletionStage();
        }

        @Override
        public CompletableFuture<Boolean> compareAndSwap(
                byte[] before, byte[] after, RemoteBucketState unread, Optional<Long> timeout) {
            return seen.swap(after, LIFE).subscribeAsCompletionStage();
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

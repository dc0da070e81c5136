package services.chorus.seqthink.policy.limits;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.distributed.AsyncBucketProxy;
import io.github.bucket4j.distributed.proxy.AsyncProxyManager;
import io.github.bucket4j.distributed.proxy.optimization.Optimizations;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import services.chorus.seqthink.state.Name;
import services.chorus.seqthink.state.SharedState;

/**
 * A bucket for each id, shared by all replicas of the same rate. What is asked of one bucket while
 * the store is being asked about it goes to the store together, so nobody who asks much takes the
 * store from others.
 */
final class SharedBuckets {

    private static final int MOST = 20_000;

    /** How long a request may wait for the store. */
    static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Rate rate;
    private final CompletableFuture<BucketConfiguration> configuration;
    private final AsyncProxyManager<Name> manager;
    private final Cache<String, AsyncBucketProxy> inUse =
            Caffeine.newBuilder().maximumSize(MOST).build();

    SharedBuckets(Rate rate, SharedState state, InstantSource clock) {
        this.rate = rate;
        this.configuration =
                CompletableFuture.completedFuture(
                        BucketConfiguration.builder().addLimit(rate::of).build());
        this.manager = new StateProxyManager(state, clock, PATIENCE).asAsync();
    }

    /**
     * Takes one out of a bucket, if there is one in it. Fails when the store does not answer in
     * time; one may be taken all the same then.
     */
    Uni<Standing> take(String id) {
        return Uni.createFrom()
                .completionStage(() -> of(id).tryConsumeAndReturnRemaining(1))
                .ifNoItem()
                .after(PATIENCE)
                .fail()
                .map(probe -> Standing.of(rate, probe));
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
        return new Name("rate/" + rate.perMinute(), id);
    }
}

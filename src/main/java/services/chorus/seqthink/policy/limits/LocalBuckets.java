package services.chorus.seqthink.policy.limits;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.Optional;

/**
 * A token bucket of this process for each key. It holds the requests of a minute and refills
 * evenly. Beyond {@value #MOST} buckets, rarely used ones are evicted and so are full again.
 */
final class LocalBuckets<K> {

    private static final int MOST = 20_000;
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final int perMinute;
    private final TimeMeter meter;
    private final Cache<K, Bucket> buckets = Caffeine.newBuilder().maximumSize(MOST).build();

    /**
     * @param perMinute at least one
     * @param meter must never go back: a bucket would not refill until the time caught up
     */
    LocalBuckets(int perMinute, TimeMeter meter) {
        this.perMinute = perMinute;
        this.meter = meter;
    }

    Standing take(K key) {
        return Standing.of(perMinute, of(key).tryConsumeAndReturnRemaining(1));
    }

    /** The time until {@link #take} admits again; zero when it does now. */
    Duration untilNext(K key) {
        return Optional.ofNullable(buckets.getIfPresent(key))
                .map(bucket -> bucket.estimateAbilityToConsume(1))
                .map(estimate -> Duration.ofNanos(estimate.getNanosToWaitForRefill()))
                .orElse(Duration.ZERO);
    }

    private Bucket of(K key) {
        return buckets.get(
                key,
                absent ->
                        Bucket.builder()
                                .addLimit(perMinute(perMinute))
                                .withCustomTimePrecision(meter)
                                .build());
    }

    static Bandwidth perMinute(int requests) {
        return Bandwidth.builder().capacity(requests).refillGreedy(requests, MINUTE).build();
    }
}

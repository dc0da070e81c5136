package services.chorus.seqthink.policy.limits;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.Optional;

/**
 * A bucket of this process for each key, none of which waits for another. It holds as many as there
 * may be in a minute, and fills by one whenever its part of a minute has passed. Of more than
 * {@value #MOST} some that were least used are forgotten, and so are full again.
 */
final class LocalBuckets<K> {

    private static final int MOST = 20_000;
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final int perMinute;
    private final TimeMeter meter;
    private final Cache<K, Bucket> buckets = Caffeine.newBuilder().maximumSize(MOST).build();

    /**
     * @param perMinute one at least
     * @param meter one that never goes back, or a bucket would not fill until it caught up
     */
    LocalBuckets(int perMinute, TimeMeter meter) {
        this.perMinute = perMinute;
        this.meter = meter;
    }

    /** Takes one out of a bucket, if there is one in it. */
    Standing take(K key) {
        return Standing.of(perMinute, of(key).tryConsumeAndReturnRemaining(1));
    }

    /** How long until there is one in a bucket; zero when there is. */
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

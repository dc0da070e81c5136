package services.chorus.seqthink.policy.limits;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.Optional;

/**
 * A bucket of this process for each key, none of which waits for another. Of more than {@value
 * #MOST} some that were least used are forgotten, and so are full again.
 */
final class OwnBuckets<K> {

    private static final int MOST = 20_000;

    private final Rate rate;
    private final TimeMeter meter;
    private final Cache<K, Bucket> buckets = Caffeine.newBuilder().maximumSize(MOST).build();

    /**
     * @param meter one that never goes back, or a bucket would not fill until it caught up
     */
    OwnBuckets(Rate rate, TimeMeter meter) {
        this.rate = rate;
        this.meter = meter;
    }

    /** Takes one out of a bucket, if there is one in it. */
    Standing take(K key) {
        return Standing.of(rate, of(key).tryConsumeAndReturnRemaining(1));
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
                        Bucket.builder().addLimit(rate::of).withCustomTimePrecision(meter).build());
    }
}

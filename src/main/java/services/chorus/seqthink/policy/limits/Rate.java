package services.chorus.seqthink.policy.limits;

import io.github.bucket4j.BandwidthBuilder.BandwidthBuilderBuildStage;
import io.github.bucket4j.BandwidthBuilder.BandwidthBuilderCapacityStage;
import java.time.Duration;

/**
 * So many in a minute: that many at once, and then one whenever its part of a minute has passed.
 *
 * @param perMinute one at least
 */
record Rate(int perMinute) {

    static final Duration MINUTE = Duration.ofMinutes(1);

    /** As bucket4j is told. */
    BandwidthBuilderBuildStage of(BandwidthBuilderCapacityStage bandwidth) {
        return bandwidth.capacity(perMinute).refillGreedy(perMinute, MINUTE);
    }
}

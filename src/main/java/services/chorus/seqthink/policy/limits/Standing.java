package services.chorus.seqthink.policy.limits;

import io.github.bucket4j.ConsumptionProbe;
import java.time.Duration;

/**
 * The state of a rate limit after a request was counted.
 *
 * @param admitted whether the request was within the limit
 * @param limit requests per minute
 * @param remaining how many more are admitted now
 * @param untilFull the time without requests until the whole limit is available again
 * @param untilNext the time until a request is admitted; zero if this one was
 */
public record Standing(
        boolean admitted, int limit, long remaining, Duration untilFull, Duration untilNext) {

    /** {@link #untilFull} in seconds, rounded up. */
    public long secondsUntilFull() {
        return seconds(untilFull);
    }

    /** {@link #untilNext} in seconds, rounded up. */
    public long secondsUntilNext() {
        return seconds(untilNext);
    }

    private static long seconds(Duration time) {
        return Math.ceilDiv(time.toNanos(), Duration.ofSeconds(1).toNanos());
    }

    static Standing of(int perMinute, ConsumptionProbe probe) {
        return new Standing(
                probe.isConsumed(),
                perMinute,
                probe.getRemainingTokens(),
                Duration.ofNanos(probe.getNanosToWaitForReset()),
                Duration.ofNanos(probe.getNanosToWaitForRefill()));
    }
}

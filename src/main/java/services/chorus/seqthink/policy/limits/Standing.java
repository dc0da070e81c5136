package services.chorus.seqthink.policy.limits;

import io.github.bucket4j.ConsumptionProbe;
import java.time.Duration;

/**
 * Where somebody stands with a limit, a request of theirs counted.
 *
 * @param admitted whether that request was within it
 * @param limit how many requests there may be in a minute
 * @param remaining how many more there may be at once
 * @param untilFull how long it takes, without a request, until there may be as many as ever
 * @param untilNext how long it takes until there may be one; zero where this one was admitted
 */
public record Standing(
        boolean admitted, int limit, long remaining, Duration untilFull, Duration untilNext) {

    /** {@link #untilFull} in whole seconds, none too few. */
    public long secondsUntilFull() {
        return seconds(untilFull);
    }

    /** {@link #untilNext} in whole seconds, none too few. */
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

package services.chorus.seqthink.state;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How much one log remembers.
 *
 * @param entries how many at most
 * @param bytes of all its entries together
 * @param life how long an entry is kept, and a log after its last entry
 */
public record LogLimits(int entries, int bytes, Duration life) {

    private static final int MAX_ENTRIES = 1 << 20;
    private static final int MAX_BYTES = 1 << 28;

    public LogLimits {
        requireNonNull(life, "life is null");
        if (entries < 1 || entries > MAX_ENTRIES) {
            throw new IllegalArgumentException(
                    "entries must be from 1 to " + MAX_ENTRIES + ": " + entries);
        }
        if (bytes < 1 || bytes > MAX_BYTES) {
            throw new IllegalArgumentException(
                    "bytes must be from 1 to " + MAX_BYTES + ": " + bytes);
        }
        if (!life.isPositive()) {
            throw new IllegalArgumentException("life must be positive: " + life);
        }
    }
}

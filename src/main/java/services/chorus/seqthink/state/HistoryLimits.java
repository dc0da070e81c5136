package services.chorus.seqthink.state;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How much {@link Histories} remember.
 *
 * @param entriesPerLog entries of one log
 * @param bytesPerLog bytes of one log's entries together
 * @param totalBytes bytes of everything, a fixed overhead for each log and entry included, which
 *     bounds the number of logs as well
 * @param idle how long a log is kept after its last use
 */
public record HistoryLimits(int entriesPerLog, int bytesPerLog, long totalBytes, Duration idle) {

    private static final int MAX_ENTRIES = 1 << 20;
    private static final int MAX_BYTES = 1 << 28;

    public HistoryLimits {
        requireNonNull(idle, "idle is null");
        if (entriesPerLog < 1 || entriesPerLog > MAX_ENTRIES) {
            throw new IllegalArgumentException(
                    "entriesPerLog must be from 1 to " + MAX_ENTRIES + ": " + entriesPerLog);
        }
        if (bytesPerLog < 1 || bytesPerLog > MAX_BYTES) {
            throw new IllegalArgumentException(
                    "bytesPerLog must be from 1 to " + MAX_BYTES + ": " + bytesPerLog);
        }
        if (totalBytes < 1) {
            throw new IllegalArgumentException("totalBytes must be positive: " + totalBytes);
        }
        if (!idle.isPositive()) {
            throw new IllegalArgumentException("idle must be positive: " + idle);
        }
    }
}

package services.chorus.seqthink.mcp;

import java.time.Duration;

/**
 * When something must be done, by this process's monotonic clock.
 *
 * @param nanoTime as {@link System#nanoTime()} counts
 */
record Deadline(long nanoTime) {

    static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    /** How long is left, in nanoseconds; zero or less when it has passed. */
    long nanosLeft() {
        return nanoTime - System.nanoTime();
    }
}

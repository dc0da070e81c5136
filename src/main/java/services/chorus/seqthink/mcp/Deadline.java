package services.chorus.seqthink.mcp;

import java.time.Duration;

/**
 * A point in time on this process's monotonic clock.
 *
 * @param nanoTime a value of {@link System#nanoTime()}
 */
record Deadline(long nanoTime) {

    static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    /** Nanoseconds until then; zero or less once it has passed. */
    long nanosLeft() {
        return nanoTime - System.nanoTime();
    }
}

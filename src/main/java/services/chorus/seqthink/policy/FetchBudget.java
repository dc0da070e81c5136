package services.chorus.seqthink.policy;

import java.time.Duration;
import java.time.Instant;

/**
 * How often strangers may make us fetch: a burst, then one fetch in each interval. A token bucket
 * kept as one instant (the "virtual scheduling" form of the generic cell rate algorithm, ITU-T
 * I.371 annex A). Not thread-safe.
 */
final class FetchBudget {

    private final Duration interval;
    private final int burst;
    private Instant spentUntil = Instant.EPOCH;

    FetchBudget(int burst, Duration interval) {
        this.burst = burst;
        this.interval = interval;
    }

    /** Takes one fetch out of the budget, if there is one. */
    boolean take(Instant now) {
        Instant empty = now.plus(interval.multipliedBy(burst));
        if (spentUntil.isBefore(now)) {
            spentUntil = now;
        } else if (spentUntil.isAfter(empty)) {
            spentUntil = empty; // the clock was set back
        }
        Instant after = spentUntil.plus(interval);
        if (after.isAfter(empty)) {
            return false;
        }
        spentUntil = after;
        return true;
    }
}

package services.chorus.seqthink.policy;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * When a key set fetches, and for how long its callers wait.
 *
 * @param patience how long a caller with an unknown key waits
 * @param burst how many fetches unknown keys may cause at once
 * @param interval how long until they may cause one more
 * @param missingFor how long a key found missing is refused without a fetch
 * @param retry how long after a failed fetch the next one follows
 * @param tick how often the clock is looked at; it can be set, and so is not slept on
 */
record FetchPace(
        Duration patience,
        int burst,
        Duration interval,
        Duration missingFor,
        Duration retry,
        Duration tick) {

    static final FetchPace USUAL =
            new FetchPace(
                    HttpKeySource.TIMEOUT,
                    3,
                    Duration.ofSeconds(4),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(5),
                    Duration.ofMillis(200));

    /** For how long a document is believed at most, whatever it says. */
    static final Duration LONGEST_LIFE = Duration.ofHours(1);

    private static final Duration SHORTEST_LIFE = Duration.ofMinutes(1);
    private static final Duration USUAL_LIFE = Duration.ofMinutes(10);

    /**
     * How long after a good fetch the next one follows: ahead of the end of the document's life.
     */
    Duration refreshAfter(Optional<Duration> maxAge) {
        Duration life = maxAge.orElse(USUAL_LIFE);
        if (life.compareTo(SHORTEST_LIFE) < 0) {
            life = SHORTEST_LIFE;
        } else if (life.compareTo(LONGEST_LIFE) > 0) {
            life = LONGEST_LIFE;
        }
        return life.multipliedBy(4).dividedBy(5);
    }

    /**
     * How often unknown keys may cause a fetch: a burst, then one in each interval. A token bucket
     * kept as one instant (the "virtual scheduling" form of the generic cell rate algorithm, ITU-T
     * I.371 annex A). Not thread-safe.
     */
    static final class Budget {

        private final Duration interval;
        private final int burst;
        private Instant spentUntil = Instant.EPOCH;

        Budget(int burst, Duration interval) {
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
}

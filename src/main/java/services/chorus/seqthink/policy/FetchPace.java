package services.chorus.seqthink.policy;

import java.time.Duration;
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
}

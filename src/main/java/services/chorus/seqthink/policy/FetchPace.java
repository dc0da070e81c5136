package services.chorus.seqthink.policy;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.Optional;

/**
 * When a key set fetches its keys, and how long callers wait for it.
 *
 * @param patience how long a caller with an unknown key waits
 * @param tick how often the wall clock is read; somebody may set it, so no sleep relies on it
 * @param meter the time by which the fetch budget refills; must never go back
 */
record FetchPace(Duration patience, Duration tick, TimeMeter meter) {

    static final FetchPace USUAL =
            new FetchPace(HttpKeySource.TIMEOUT, Duration.ofMillis(200), TimeMeter.SYSTEM_NANOTIME);

    /** How many fetches unknown keys may cause at once. */
    static final int BURST = 3;

    /** How long until unknown keys may cause one more. */
    static final Duration INTERVAL = Duration.ofSeconds(4);

    /** How long a key found missing is refused without a fetch. */
    static final Duration MISSING_FOR = Duration.ofSeconds(5);

    /** How long after a failed fetch the next one follows. */
    static final Duration RETRY = Duration.ofSeconds(5);

    /** How long a document counts as fresh at most, whatever its source says. */
    static final Duration LONGEST_LIFE = Duration.ofHours(1);

    private static final Duration SHORTEST_LIFE = Duration.ofMinutes(1);
    private static final Duration USUAL_LIFE = Duration.ofMinutes(10);

    /** How long after a good fetch the next one follows, ahead of the document's expiry. */
    static Duration refreshAfter(Optional<Duration> maxAge) {
        long life =
                Math.clamp(
                        maxAge.orElse(USUAL_LIFE).toSeconds(),
                        SHORTEST_LIFE.toSeconds(),
                        LONGEST_LIFE.toSeconds());
        return Duration.ofSeconds(life).multipliedBy(4).dividedBy(5);
    }

    /** The fetches that unknown keys may cause. */
    Bucket budget() {
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(BURST).refillGreedy(1, INTERVAL))
                .withCustomTimePrecision(meter)
                .build();
    }
}

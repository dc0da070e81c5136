package services.chorus.seqthink.policy;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * The last good keys of an issuer, for as long as they are not too old. Safe for use by several
 * threads; who reads waits for nothing.
 */
final class CurrentKeys {

    private record Snapshot(VerificationKeys keys, Instant fetchedAt) {}

    private final Duration maxStale;
    private final InstantSource clock;
    private volatile Optional<Snapshot> snapshot = Optional.empty();

    CurrentKeys(Duration maxStale, InstantSource clock) {
        this.maxStale = maxStale;
        this.clock = clock;
    }

    /** Replaces all keys by these, just fetched. */
    void replaceBy(VerificationKeys keys) {
        snapshot = Optional.of(new Snapshot(keys, clock.instant()));
    }

    /** The key that fits; unknown, too, where there are no keys that are fresh enough. */
    KeyLookup find(Optional<String> keyId, SignatureAlgorithm algorithm) {
        return fresh().<KeyLookup>map(current -> current.keys().find(keyId, algorithm))
                .orElseGet(KeyLookup.Unknown::new);
    }

    boolean any() {
        return fresh().isPresent();
    }

    /** How old the last keys are, too old or not; empty while there were none. */
    Optional<Duration> age() {
        return snapshot.map(keys -> Duration.between(keys.fetchedAt(), clock.instant()));
    }

    private Optional<Snapshot> fresh() {
        return snapshot.filter(keys -> clock.instant().isBefore(keys.fetchedAt().plus(maxStale)));
    }
}

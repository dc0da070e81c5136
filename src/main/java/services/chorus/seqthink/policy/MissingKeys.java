package services.chorus.seqthink.policy;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Which {@code kid}s an issuer did not have a moment ago. Bounded; not thread-safe. */
final class MissingKeys {

    private static final int MOST = 1024;

    private final Duration remembered;
    private final Map<Optional<String>, Instant> missingUntil =
            new LinkedHashMap<>() {
                @Override
                protected boolean removeEldestEntry(Map.Entry<Optional<String>, Instant> eldest) {
                    return size() > MOST;
                }
            };

    MissingKeys(Duration remembered) {
        this.remembered = remembered;
    }

    void add(Optional<String> keyId, Instant now) {
        missingUntil.remove(keyId);
        missingUntil.put(keyId, now.plus(remembered));
    }

    boolean contains(Optional<String> keyId, Instant now) {
        Instant until = missingUntil.get(keyId);
        return until != null && now.isBefore(until);
    }
}

package services.chorus.seqthink.issuer.keys;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;

/** Keys of an issuer with default settings. */
public final class TestKeys {

    static final Duration ROTATION = Duration.ofDays(7);
    static final Duration GRACE = Duration.ofHours(24);
    static final Duration MAX_AGE = Duration.ofMinutes(5);
    static final Duration LEAD = KeyPlan.lead(MAX_AGE);

    private TestKeys() {}

    /** Private keys are stored in the clear. */
    public static SigningKeys open(Path path, InstantSource clock) {
        return open(path, KeyAlgorithm.RS256, KeyStorage.clear(), clock);
    }

    static SigningKeys open(
            Path path, KeyAlgorithm algorithm, KeyStorage atRest, InstantSource clock) {
        return SigningKeys.open(path, new KeyPlan(algorithm, ROTATION, LEAD, GRACE), atRest, clock);
    }
}

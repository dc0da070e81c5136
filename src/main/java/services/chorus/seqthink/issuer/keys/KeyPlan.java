package services.chorus.seqthink.issuer.keys;

import java.time.Duration;

/**
 * When the issuer's keys are published, sign and are dropped.
 *
 * @param algorithm of new keys
 * @param rotation how long a key signs
 * @param lead how long a key is published before it signs
 * @param grace how long a key stays published after it signed
 */
public record KeyPlan(KeyAlgorithm algorithm, Duration rotation, Duration lead, Duration grace) {

    /** How long the JWKS may be cached at most. */
    public static final Duration LONGEST_JWKS_LIFE = Duration.ofHours(1);

    /** For other processes to reload the key file, and for clocks that differ. */
    private static final Duration MARGIN = Duration.ofMinutes(2);

    public KeyPlan {
        if (rotation.compareTo(lead) <= 0) {
            throw new IllegalArgumentException("rotation must be longer than lead: " + rotation);
        }
    }

    /**
     * How long a key must be published before it signs, so that every verifier knows it by then.
     *
     * @param jwksMaxAge how long a verifier may cache the JWKS
     */
    public static Duration lead(Duration jwksMaxAge) {
        return jwksMaxAge.plus(MARGIN);
    }
}

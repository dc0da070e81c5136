package services.chorus.seqthink.issuer.keys;

import java.time.Duration;

/**
 * When the issuer's keys come and go.
 *
 * @param algorithm what new keys sign with
 * @param rotation how long a key signs
 * @param lead how long a key is published before it signs
 * @param grace how long a key is published after it signed
 */
public record KeyPlan(KeyAlgorithm algorithm, Duration rotation, Duration lead, Duration grace) {

    /** The longest that a JWKS may be kept by whoever fetched it. */
    public static final Duration LONGEST_JWKS_LIFE = Duration.ofHours(1);

    /** For the published file to be noticed, and clocks to differ. */
    private static final Duration MARGIN = Duration.ofMinutes(2);

    public KeyPlan {
        if (rotation.compareTo(lead) <= 0) {
            throw new IllegalArgumentException("rotation must be longer than lead: " + rotation);
        }
    }

    /**
     * How long a key is to be published before it signs, for every verifier to know it by then.
     *
     * @param jwksMaxAge how long a verifier may keep the JWKS
     */
    public static Duration lead(Duration jwksMaxAge) {
        return jwksMaxAge.plus(MARGIN);
    }
}

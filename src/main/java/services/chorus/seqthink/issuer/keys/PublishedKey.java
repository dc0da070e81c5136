package services.chorus.seqthink.issuer.keys;

import java.time.Instant;

/**
 * A key of the JWKS, as far as anyone may know it.
 *
 * @param kid its name there
 * @param signsFrom when it signs
 */
public record PublishedKey(String kid, Instant signsFrom) {

    static PublishedKey of(SigningKey key) {
        return new PublishedKey(key.kid(), key.signsFrom());
    }
}

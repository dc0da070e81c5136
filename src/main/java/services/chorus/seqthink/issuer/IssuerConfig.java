package services.chorus.seqthink.issuer;

import io.smallrye.config.ConfigMapping;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What an operator said about the token authority. Values and defaults come from {@link
 * IssuerVariables}; what has no default is empty while the issuer role is off.
 */
@ConfigMapping(prefix = "seqthink.issuer")
public interface IssuerConfig {

    /** {@code iss} of every token, exactly, and the base of the URLs in the metadata. */
    Optional<String> url();

    /** {@code aud} of every token. */
    Optional<String> audience();

    /** The file that holds the signing keys; created on first use. */
    Optional<Path> keysPath();

    /** The file that holds the registered clients. */
    Optional<Path> clientsPath();

    /** The file of the tokens that were taken back; {@code revoked.json} beside the keys. */
    Optional<Path> revokedPath();

    /** How long a token lives. */
    Duration tokenTtl();

    /** How often whoever says to be a client may ask from one address in a minute. */
    int rateLimitPerMinute();

    /** What new keys sign with, as a JWS's {@code alg} names it. */
    String algorithm();

    /** How long a key signs. */
    Duration rotation();

    /** How long a key that signs no more is published. */
    Duration grace();

    /** How long anyone may keep the JWKS without asking again. */
    Duration jwksMaxAge();

    /**
     * The age identities that private keys are sealed to in the keys' file; in the clear without.
     */
    Optional<Path> identityPath();
}

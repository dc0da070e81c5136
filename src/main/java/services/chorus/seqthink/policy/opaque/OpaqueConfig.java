package services.chorus.seqthink.policy.opaque;

import io.smallrye.config.ConfigMapping;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Who is asked about opaque tokens; {@link OpaqueVariables} has the names. */
@ConfigMapping(prefix = "seqthink.opaque")
public interface OpaqueConfig {

    /** An introspection endpoint (RFC 7662). */
    Optional<URI> introspectUrl();

    /** Who asks there. */
    Optional<String> clientId();

    /** The file that holds its secret. */
    Optional<Path> clientSecretPath();

    /** What an answer's {@code aud} must contain. */
    Optional<String> audience();

    /** A service that validates tokens in the plain form instead. */
    Optional<URI> validateUrl();

    /** The issuer under which callers with opaque tokens are known. */
    Optional<String> issuer();

    /** {@code role=scope} pairs, for the plain form. */
    Optional<List<String>> roleScopes();

    /** Whether no opaque token is taken. */
    default boolean isOff() {
        return introspectUrl().isEmpty() && validateUrl().isEmpty();
    }
}

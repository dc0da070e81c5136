package services.chorus.seqthink.issuer;

import io.smallrye.config.ConfigMapping;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import services.chorus.seqthink.config.Form;
import services.chorus.seqthink.config.Section;
import services.chorus.seqthink.config.Variable;
import services.chorus.seqthink.issuer.keys.KeyAlgorithm;
import services.chorus.seqthink.issuer.keys.KeyPlan;

/**
 * The settings of the issuer. What has no default is empty while the issuer role is off; {@link
 * IssuerCheck} says what is wrong with them together.
 */
@ConfigMapping(prefix = "seqthink.issuer")
public interface IssuerConfig {

    /** The longest that any token lives. */
    Duration LONGEST_TOKEN_TTL = Duration.ofHours(1);

    Section SECTION =
            Section.of(IssuerConfig.class, "issuer")
                    .add("ISSUER_URL", "url", Form.url())
                    .essential(
                            "Mandatory for the issuer role. The `iss` of issued tokens and the "
                                    + "base URL of the issuer's metadata, such as "
                                    + "`https://tokens.example`.")
                    .add(
                            "ISSUER_AUDIENCE",
                            "audience",
                            Form.text("the name of the service that the tokens are for"))
                    .essential("Mandatory for the issuer role. The `aud` of issued tokens.")
                    .add("ISSUER_KEYS_PATH", "keys-path", Form.path())
                    .essential(
                            "Mandatory for the issuer role. File of the issuer's signing keys; "
                                    + "created when it does not exist.")
                    .add("ISSUER_CLIENTS_PATH", "clients-path", Form.path())
                    .essential(
                            "Mandatory for the issuer role. File of the registered clients; "
                                    + "`client add` writes it.")
                    .add("ISSUER_REVOKED_PATH", "revoked-path", Form.path())
                    .meaning(
                            "File of the revoked tokens. Unset: `revoked.json` in the folder of "
                                    + "`ISSUER_KEYS_PATH`.")
                    .add(
                            "ISSUER_TOKEN_TTL",
                            "token-ttl",
                            "15m",
                            Form.duration(Duration.ofMinutes(1), LONGEST_TOKEN_TTL))
                    .meaning("Lifetime of issued tokens.")
                    .add(
                            "ISSUER_RATE_LIMIT_PER_MINUTE",
                            "rate-limit-per-minute",
                            "60",
                            Form.number(1, 1_000_000, "requests"))
                    .meaning(
                            "Requests per minute to `/oauth/*` for each pair of client id and"
                                    + " address (one /64 in IPv6); further ones get 429.")
                    .add(
                            "ISSUER_ALGORITHM",
                            "algorithm",
                            KeyAlgorithm.RS256.jwsName(),
                            Form.oneOf(KeyAlgorithm.names().toArray(String[]::new)))
                    .meaning(
                            "Signature algorithm of new tokens, `RS256` or `EdDSA`. A change takes"
                                    + " effect after every gateway has had time to load the new key;"
                                    + " changing it back takes effect after `ISSUER_GRACE`.")
                    .add("ISSUER_ROTATION", "rotation", "7d", Form.duration("1h", "365d"))
                    .meaning("How long a key signs tokens before the next key replaces it.")
                    .add("ISSUER_GRACE", "grace", "24h", Form.duration("1m", "90d"))
                    .meaning(
                            "How long a key that no longer signs stays published. At least the "
                                    + "sum of `ISSUER_TOKEN_TTL` and `ISSUER_JWKS_MAX_AGE`.")
                    .add(
                            "ISSUER_JWKS_MAX_AGE",
                            "jwks-max-age",
                            "5m",
                            Form.duration(Duration.ofSeconds(10), KeyPlan.LONGEST_JWKS_LIFE))
                    .meaning(
                            "How long clients may cache the issuer's JWKS. A new key is "
                                    + "published for this time plus two minutes before it signs.")
                    .add("ISSUER_IDENTITY_PATH", "identity-path", Form.path())
                    .meaning(
                            "File of age identities, written by `keygen -o`, to seal the private"
                                    + " keys in `ISSUER_KEYS_PATH`: they are sealed to the first, and"
                                    + " every one opens them. Unset: the private keys are stored "
                                    + "unencrypted.");

    Variable URL = SECTION.variable("ISSUER_URL");
    Variable AUDIENCE = SECTION.variable("ISSUER_AUDIENCE");
    Variable KEYS_PATH = SECTION.variable("ISSUER_KEYS_PATH");
    Variable CLIENTS_PATH = SECTION.variable("ISSUER_CLIENTS_PATH");

    Optional<String> url();

    Optional<String> audience();

    Optional<Path> keysPath();

    Optional<Path> clientsPath();

    Optional<Path> revokedPath();

    Duration tokenTtl();

    int rateLimitPerMinute();

    String algorithm();

    Duration rotation();

    Duration grace();

    Duration jwksMaxAge();

    Optional<Path> identityPath();
}

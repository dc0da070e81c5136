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
 * The settings of the issuer. Those without a default may be missing while the issuer role is off;
 * {@link IssuerCheck} checks them together.
 */
@ConfigMapping(prefix = "seqthink.issuer")
public interface IssuerConfig {

    Duration LONGEST_TOKEN_TTL = Duration.ofHours(1);

    Section SECTION =
            Section.of(IssuerConfig.class, "issuer")
                    .add("ISSUER_URL", "url", Form.url())
                    .meaning(
                            "The `iss` of the tokens and the base of the issuer's metadata, such"
                                    + " as https://tokens.example")
                    .add(
                            "ISSUER_AUDIENCE",
                            "audience",
                            Form.text("the name of the service that the tokens are for"))
                    .meaning("The `aud` of the tokens")
                    .add("ISSUER_KEYS_PATH", "keys-path", Form.path())
                    .meaning("File of the issuer's signing keys; created on first use")
                    .add("ISSUER_CLIENTS_PATH", "clients-path", Form.path())
                    .meaning("File of the registered clients")
                    .add("ISSUER_REVOKED_PATH", "revoked-path", Form.path())
                    .meaning(
                            "File of the revoked tokens; `revoked.json` beside `ISSUER_KEYS_PATH`"
                                    + " unless set")
                    .add(
                            "ISSUER_TOKEN_TTL",
                            "token-ttl",
                            "15m",
                            Form.duration(Duration.ofMinutes(1), LONGEST_TOKEN_TTL))
                    .meaning("The lifetime of an issued token")
                    .add(
                            "ISSUER_RATE_LIMIT_PER_MINUTE",
                            "rate-limit-per-minute",
                            "60",
                            Form.number(1, 1_000_000))
                    .meaning(
                            "Requests to `/oauth/*` per minute for one client id from one address"
                                    + " (one /64 in IPv6); more are answered 429. Requests from"
                                    + " other addresses count separately")
                    .add(
                            "ISSUER_ALGORITHM",
                            "algorithm",
                            KeyAlgorithm.RS256.jwsName(),
                            Form.oneOf(KeyAlgorithm.names().toArray(String[]::new)))
                    .meaning(
                            "The algorithm of token signatures, `RS256` or `EdDSA`. A change takes"
                                    + " effect once every gateway can know the new key, a change"
                                    + " back after `ISSUER_GRACE`")
                    .add("ISSUER_ROTATION", "rotation", "7d", Form.duration("1h", "365d"))
                    .meaning("How long a key signs before the next one replaces it")
                    .add("ISSUER_GRACE", "grace", "24h", Form.duration("1m", "90d"))
                    .meaning(
                            "How long a replaced key stays published; not less than"
                                    + " `ISSUER_TOKEN_TTL` and `ISSUER_JWKS_MAX_AGE` together")
                    .add(
                            "ISSUER_JWKS_MAX_AGE",
                            "jwks-max-age",
                            "5m",
                            Form.duration(Duration.ofSeconds(10), KeyPlan.LONGEST_JWKS_LIFE))
                    .meaning(
                            "How long the issuer's JWKS may be cached; a new key is published for"
                                    + " this time and two minutes before it signs")
                    .add("ISSUER_IDENTITY_PATH", "identity-path", Form.path())
                    .meaning(
                            "Identities file of the issuer, as `keygen -o` writes it. Private keys"
                                    + " in `ISSUER_KEYS_PATH` are sealed to its first identity and"
                                    + " opened with any; unless set, they are stored in the clear");

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

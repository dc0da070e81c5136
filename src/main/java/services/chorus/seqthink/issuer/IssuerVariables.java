package services.chorus.seqthink.issuer;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import services.chorus.seqthink.age.AgeException;
import services.chorus.seqthink.config.Fault;
import services.chorus.seqthink.config.Form;
import services.chorus.seqthink.config.Loopback;
import services.chorus.seqthink.config.Variable;
import services.chorus.seqthink.files.FileFault;
import services.chorus.seqthink.issuer.keys.AtRest;
import services.chorus.seqthink.issuer.keys.KeyAlgorithm;
import services.chorus.seqthink.issuer.keys.KeyPlan;

/** The variables of the token authority, and what is wrong with the values of several together. */
public final class IssuerVariables {

    /** The longest that any token lives. */
    public static final Duration LONGEST_TOKEN_TTL = Duration.ofHours(1);

    private static final long MOST_PER_MINUTE = 1_000_000;

    private static final Variable URL =
            Variable.of(
                    "ISSUER_URL",
                    "seqthink.issuer.url",
                    Form.url(),
                    "The `iss` of the tokens and the base of the issuer's metadata, such as"
                            + " https://tokens.example");
    private static final Variable AUDIENCE =
            Variable.of(
                    "ISSUER_AUDIENCE",
                    "seqthink.issuer.audience",
                    Form.text("the name of the service that the tokens are for"),
                    "The `aud` of the tokens");
    private static final Variable KEYS_PATH =
            Variable.of(
                    "ISSUER_KEYS_PATH",
                    "seqthink.issuer.keys-path",
                    Form.path(),
                    "File of the issuer's signing keys; created on first use");
    private static final Variable CLIENTS_PATH =
            Variable.of(
                    "ISSUER_CLIENTS_PATH",
                    "seqthink.issuer.clients-path",
                    Form.path(),
                    "File of the clients that may ask for tokens");
    private static final Variable REVOKED_PATH =
            Variable.of(
                    "ISSUER_REVOKED_PATH",
                    "seqthink.issuer.revoked-path",
                    Form.path(),
                    "File of the tokens that were taken back; `revoked.json` beside"
                            + " `ISSUER_KEYS_PATH` unless set");
    private static final Variable TOKEN_TTL =
            Variable.of(
                    "ISSUER_TOKEN_TTL",
                    "seqthink.issuer.token-ttl",
                    "15m",
                    Form.duration(Duration.ofMinutes(1), LONGEST_TOKEN_TTL),
                    "How long an issued token lives");
    private static final Variable RATE_LIMIT =
            Variable.of(
                    "ISSUER_RATE_LIMIT_PER_MINUTE",
                    "seqthink.issuer.rate-limit-per-minute",
                    "60",
                    Form.number(1, MOST_PER_MINUTE),
                    "Requests to `/oauth/*` in a minute of whoever says to be one client, from one"
                            + " address (of one /64 in IPv6); more are answered 429. What comes from"
                            + " elsewhere counts by itself");
    private static final Variable ALGORITHM =
            Variable.of(
                    "ISSUER_ALGORITHM",
                    "seqthink.issuer.algorithm",
                    KeyAlgorithm.RS256.jwsName(),
                    Form.oneOf(KeyAlgorithm.names().toArray(String[]::new)),
                    "What tokens are signed with, `RS256` or `EdDSA`; a changed one takes effect"
                            + " when every door can know the new key, one that is changed back"
                            + " after `ISSUER_GRACE`");
    private static final Variable ROTATION =
            Variable.of(
                    "ISSUER_ROTATION",
                    "seqthink.issuer.rotation",
                    "7d",
                    Form.duration(Duration.ofHours(1), Duration.ofDays(365)),
                    "How long a key signs before the next one does");
    private static final Variable GRACE =
            Variable.of(
                    "ISSUER_GRACE",
                    "seqthink.issuer.grace",
                    "24h",
                    Form.duration(Duration.ofMinutes(1), Duration.ofDays(90)),
                    "How long a key that signs no more is still published; not less than"
                            + " `ISSUER_TOKEN_TTL` and `ISSUER_JWKS_MAX_AGE` together");
    private static final Variable JWKS_MAX_AGE =
            Variable.of(
                    "ISSUER_JWKS_MAX_AGE",
                    "seqthink.issuer.jwks-max-age",
                    "5m",
                    Form.duration(Duration.ofSeconds(10), KeyPlan.LONGEST_JWKS_LIFE),
                    "How long anyone may keep the issuer's keys without asking again; a new key"
                            + " is published so long, and two minutes more, before it signs");
    private static final Variable IDENTITY_PATH =
            Variable.of(
                    "ISSUER_IDENTITY_PATH",
                    "seqthink.issuer.identity-path",
                    Form.path(),
                    "Identities file of the issuer's own, as `keygen -o` writes it: private keys"
                            + " stand in `ISSUER_KEYS_PATH` sealed to the first, all open them."
                            + " Unset: in the clear");

    private IssuerVariables() {}

    /** Every variable of this room, in the order of the README's table. */
    public static List<Variable> all() {
        return List.of(
                URL,
                AUDIENCE,
                KEYS_PATH,
                CLIENTS_PATH,
                REVOKED_PATH,
                TOKEN_TTL,
                RATE_LIMIT,
                ALGORITHM,
                ROTATION,
                GRACE,
                JWKS_MAX_AGE,
                IDENTITY_PATH);
    }

    /**
     * Why a service in the issuer role cannot start with these values; none when it can. The form
     * of each single value is judged by {@link Variable#fault(String)} before.
     */
    public static List<Fault> faults(IssuerConfig config) {
        Stream<Fault> faults =
                Stream.of(
                                missing(URL, config.url()),
                                missing(AUDIENCE, config.audience()),
                                missing(KEYS_PATH, config.keysPath()),
                                missing(CLIENTS_PATH, config.clientsPath()),
                                config.url().flatMap(IssuerVariables::unfitUrl))
                        .flatMap(Optional::stream);
        return Stream.concat(faults, keyFaults(config).stream()).toList();
    }

    /** Why keys cannot be kept with these values; none when they can. */
    public static List<Fault> keyFaults(IssuerConfig config) {
        return Stream.of(
                        shortGrace(config),
                        shortRotation(config),
                        config.identityPath().flatMap(IssuerVariables::unfitIdentity))
                .flatMap(Optional::stream)
                .toList();
    }

    /** Else a token could outlive the key that verifies it. */
    private static Optional<Fault> shortGrace(IssuerConfig config) {
        Duration least = config.tokenTtl().plus(config.jwksMaxAge());
        return config.grace().compareTo(least) >= 0
                ? Optional.empty()
                : Optional.of(
                        new Fault(
                                GRACE.name(),
                                "is shorter than ISSUER_TOKEN_TTL and ISSUER_JWKS_MAX_AGE together",
                                "set it to %ds or more".formatted(least.toSeconds())));
    }

    /** Else keys would pile up. */
    private static Optional<Fault> shortRotation(IssuerConfig config) {
        Duration least = KeyPlan.lead(config.jwksMaxAge()).plus(config.grace());
        return config.rotation().compareTo(least) >= 0
                ? Optional.empty()
                : Optional.of(
                        new Fault(
                                ROTATION.name(),
                                "is shorter than ISSUER_GRACE, ISSUER_JWKS_MAX_AGE and two minutes"
                                        + " together",
                                "set it to %ds or more, or ISSUER_GRACE to less"
                                        .formatted(least.toSeconds())));
    }

    private static Optional<Fault> unfitIdentity(Path file) {
        try {
            AtRest.sealedTo(file);
            return Optional.empty();
        } catch (AgeException e) {
            return Optional.of(FileFault.broken(IDENTITY_PATH.name(), e.getMessage()));
        } catch (IOException e) {
            return Optional.of(FileFault.unread(IDENTITY_PATH.name(), e));
        }
    }

    private static Optional<Fault> missing(Variable variable, Optional<?> value) {
        return value.isPresent()
                ? Optional.empty()
                : Optional.of(
                        new Fault(
                                variable.name(),
                                "is missing, and the issuer role needs it",
                                "set it to " + variable.form().wants()));
    }

    private static Optional<Fault> unfitUrl(String value) {
        URI url;
        try {
            url = URI.create(value);
        } catch (IllegalArgumentException e) {
            return urlFault("is no URL", "set it to " + URL.form().wants());
        }
        if (!isHttps(url) && !isLoopbackHttp(url)) {
            return urlFault(
                    "is neither https nor on loopback",
                    "set it to an https URL; http is for loopback addresses only");
        }
        // RFC 8414 section 3.1 would put the metadata of an issuer with a path elsewhere
        if (!url.getRawPath().isEmpty()) {
            return urlFault(
                    "has a path or a trailing slash",
                    "set it to scheme and host only, such as https://tokens.example");
        }
        return Optional.empty();
    }

    private static boolean isHttps(URI url) {
        return "https".equals(url.getScheme()) && url.getHost() != null;
    }

    private static boolean isLoopbackHttp(URI url) {
        return "http".equals(url.getScheme())
                && url.getHost() != null
                && Loopback.names(url.getHost());
    }

    private static Optional<Fault> urlFault(String problem, String fix) {
        return Optional.of(new Fault(URL.name(), problem, fix));
    }
}

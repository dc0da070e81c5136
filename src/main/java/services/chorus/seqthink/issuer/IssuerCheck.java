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
import services.chorus.seqthink.config.Variable;
import services.chorus.seqthink.files.FileFault;
import services.chorus.seqthink.issuer.keys.KeyPlan;
import services.chorus.seqthink.issuer.keys.KeyStorage;
import services.chorus.seqthink.net.BoundedHttp;

/** What is wrong with the settings of the issuer taken together. */
public final class IssuerCheck {

    private IssuerCheck() {}

    /**
     * Why a service in the issuer role cannot start with these values; none when it can. The form
     * of each single value is judged by {@link Variable#fault(String)} before.
     */
    public static List<Fault> faults(IssuerConfig config) {
        Stream<Fault> faults =
                Stream.of(
                                missing(IssuerConfig.URL, config.url()),
                                missing(IssuerConfig.AUDIENCE, config.audience()),
                                missing(IssuerConfig.KEYS_PATH, config.keysPath()),
                                missing(IssuerConfig.CLIENTS_PATH, config.clientsPath()),
                                config.url().flatMap(IssuerCheck::unfitUrl))
                        .flatMap(Optional::stream);
        return Stream.concat(faults, keyFaults(config).stream()).toList();
    }

    /** Why keys cannot be kept with these values; none when they can. */
    public static List<Fault> keyFaults(IssuerConfig config) {
        return Stream.of(
                        shortGrace(config),
                        shortRotation(config),
                        config.identityPath().flatMap(IssuerCheck::unfitIdentity))
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
                                "ISSUER_GRACE",
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
                                "ISSUER_ROTATION",
                                "is shorter than ISSUER_GRACE, ISSUER_JWKS_MAX_AGE and two minutes"
                                        + " together",
                                "set it to %ds or more, or ISSUER_GRACE to less"
                                        .formatted(least.toSeconds())));
    }

    private static Optional<Fault> unfitIdentity(Path file) {
        try {
            KeyStorage.sealedTo(file);
            return Optional.empty();
        } catch (AgeException e) {
            return Optional.of(FileFault.broken("ISSUER_IDENTITY_PATH", e.getMessage()));
        } catch (IOException e) {
            return Optional.of(FileFault.unread("ISSUER_IDENTITY_PATH", e));
        }
    }

    private static Optional<Fault> missing(Variable variable, Optional<?> value) {
        return value.isPresent()
                ? Optional.empty()
                : Optional.of(
                        variable.fault(
                                "is missing, and the issuer role needs it",
                                "set it to " + variable.form().wants()));
    }

    private static Optional<Fault> unfitUrl(String value) {
        URI url;
        try {
            url = URI.create(value);
        } catch (IllegalArgumentException e) {
            return urlFault("is no URL", "set it to " + IssuerConfig.URL.form().wants());
        }
        if (!BoundedHttp.permits(url)) {
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

    private static Optional<Fault> urlFault(String problem, String fix) {
        return Optional.of(IssuerConfig.URL.fault(problem, fix));
    }
}

package services.chorus.seqthink.issuer;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import services.chorus.seqthink.age.AgeException;
import services.chorus.seqthink.config.Fault;
import services.chorus.seqthink.config.Variable;
import services.chorus.seqthink.files.FileFault;
import services.chorus.seqthink.issuer.keys.KeyPlan;
import services.chorus.seqthink.issuer.keys.KeyStorage;
import services.chorus.seqthink.net.BoundedHttp;

/** Checks the settings of the issuer together. */
public final class IssuerCheck {

    private IssuerCheck() {}

    /**
     * Why a service in the issuer role cannot start with these values; empty when it can. {@link
     * Variable#fault(String)} has checked each single value before.
     */
    public static List<Fault> faults(IssuerConfig config) {
        List<Fault> faults = new ArrayList<>();
        require(IssuerConfig.URL, config.url(), faults);
        require(IssuerConfig.AUDIENCE, config.audience(), faults);
        require(IssuerConfig.KEYS_PATH, config.keysPath(), faults);
        require(IssuerConfig.CLIENTS_PATH, config.clientsPath(), faults);
        config.url().flatMap(IssuerCheck::unfitUrl).ifPresent(faults::add);
        faults.addAll(keyFaults(config));
        return faults;
    }

    /** Why keys cannot be maintained with these values; empty when they can. */
    public static List<Fault> keyFaults(IssuerConfig config) {
        List<Fault> faults = new ArrayList<>();
        // otherwise a token could outlive the key that verifies it
        Duration grace = config.tokenTtl().plus(config.jwksMaxAge());
        if (config.grace().compareTo(grace) < 0) {
            faults.add(
                    new Fault(
                            "ISSUER_GRACE",
                            "is shorter than ISSUER_TOKEN_TTL and ISSUER_JWKS_MAX_AGE together",
                            "set it to %ds or more".formatted(grace.toSeconds())));
        }
        // otherwise the number of keys would grow
        Duration rotation = KeyPlan.lead(config.jwksMaxAge()).plus(config.grace());
        if (config.rotation().compareTo(rotation) < 0) {
            faults.add(
                    new Fault(
                            "ISSUER_ROTATION",
                            "is shorter than ISSUER_GRACE, ISSUER_JWKS_MAX_AGE and two minutes"
                                    + " together",
                            "set it to %ds or more, or ISSUER_GRACE to less"
                                    .formatted(rotation.toSeconds())));
        }
        config.identityPath().flatMap(IssuerCheck::unfitIdentity).ifPresent(faults::add);
        return faults;
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

    private static void require(Variable variable, Optional<?> value, List<Fault> faults) {
        if (value.isEmpty()) {
            faults.add(
                    variable.fault(
                            "is missing, and the issuer role needs it",
                            "set it to " + variable.form().wants()));
        }
    }

    private static Optional<Fault> unfitUrl(String value) {
        URI url;
        try {
            url = URI.create(value);
        } catch (IllegalArgumentException e) {
            return urlFault("is not a URL", "set it to " + IssuerConfig.URL.form().wants());
        }
        if (!BoundedHttp.permits(url)) {
            return urlFault(
                    "is neither https nor a loopback address",
                    "set it to an https URL; http is allowed for loopback addresses only");
        }
        // RFC 8414 section 3.1 requires another metadata path for an issuer URL with a path
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

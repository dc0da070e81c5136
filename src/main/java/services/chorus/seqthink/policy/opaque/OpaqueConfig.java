package services.chorus.seqthink.policy.opaque;

import io.smallrye.config.ConfigMapping;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import services.chorus.seqthink.config.Fault;
import services.chorus.seqthink.config.Form;
import services.chorus.seqthink.config.Section;
import services.chorus.seqthink.config.Variable;
import services.chorus.seqthink.net.BoundedHttp;
import services.chorus.seqthink.policy.ScopePair;

/** The settings of opaque tokens: the service that is asked about them. */
@ConfigMapping(prefix = "seqthink.opaque")
public interface OpaqueConfig {

    Section SECTION =
            Section.of(OpaqueConfig.class, "opaque")
                    .add("INTROSPECT_URL", "introspect-url", Form.endpoint())
                    .meaning(
                            "Introspection endpoint (RFC 7662) for tokens that are not a JWT of "
                                    + "a configured issuer. Its answers are kept for 30 s. Unset: opaque "
                                    + "tokens are rejected, unless `VALIDATE_URL` is set.")
                    .add(
                            "INTROSPECT_CLIENT_ID",
                            "client-id",
                            Form.text("the client id of this service"))
                    .meaning("Client id of the gateway at `INTROSPECT_URL`. Mandatory with it.")
                    .add("INTROSPECT_CLIENT_SECRET_PATH", "client-secret-path", Form.path())
                    .meaning(
                            "File of the client secret for `INTROSPECT_URL`, read for each "
                                    + "request to it. Mandatory with it.")
                    .add("INTROSPECT_AUDIENCE", "audience", Form.text("the `aud` of this service"))
                    .meaning(
                            "The `aud` that the introspection answer must contain if it has "
                                    + "one. Unset: the first value of `JWT_AUDIENCE`.")
                    .add("VALIDATE_URL", "validate-url", Form.endpoint())
                    .meaning(
                            "Instead of `INTROSPECT_URL`: full URL of a service that answers "
                                    + "`POST /v1/token/validate`.")
                    .add(
                            "OPAQUE_ISSUER",
                            "issuer",
                            Form.text("a name for the issuer of opaque tokens"))
                    .meaning(
                            "Issuer name given to callers with opaque tokens; must not be one "
                                    + "of `JWT_ISSUER`. Mandatory with `INTROSPECT_URL` or "
                                    + "`VALIDATE_URL`.")
                    .add(
                            "ROLE_SCOPES",
                            "role-scopes",
                            Form.texts(
                                    "role=scope pairs, such as admin=*,user=sequentialthinking.run"))
                    .meaning(
                            "Scopes that the roles reported by `VALIDATE_URL` stand for, such "
                                    + "as `admin=*,user=sequentialthinking.run`; `*` means every scope "
                                    + "that the gateway asks for. Other roles give no scope. Mandatory "
                                    + "with `VALIDATE_URL`.");

    Variable INTROSPECT_URL = SECTION.variable("INTROSPECT_URL");
    Variable CLIENT_ID = SECTION.variable("INTROSPECT_CLIENT_ID");
    Variable CLIENT_SECRET = SECTION.variable("INTROSPECT_CLIENT_SECRET_PATH");
    Variable AUDIENCE = SECTION.variable("INTROSPECT_AUDIENCE");
    Variable VALIDATE_URL = SECTION.variable("VALIDATE_URL");
    Variable ISSUER = SECTION.variable("OPAQUE_ISSUER");
    Variable ROLE_SCOPES = SECTION.variable("ROLE_SCOPES");

    Optional<URI> introspectUrl();

    Optional<String> clientId();

    Optional<Path> clientSecretPath();

    Optional<String> audience();

    Optional<URI> validateUrl();

    Optional<String> issuer();

    Optional<List<String>> roleScopes();

    /** Whether opaque tokens are rejected. */
    default boolean isOff() {
        return introspectUrl().isEmpty() && validateUrl().isEmpty();
    }

    /**
     * Checks the settings.
     *
     * @param issuers the issuers of signed tokens
     * @param audience the audience of the first of them
     */
    static List<Fault> faults(
            OpaqueConfig config, List<String> issuers, Optional<String> audience) {
        List<Fault> faults = new ArrayList<>();
        boolean introspects = config.introspectUrl().isPresent();
        boolean validates = config.validateUrl().isPresent();
        checkUrl(INTROSPECT_URL, config.introspectUrl(), faults);
        check(CLIENT_ID, config.clientId(), introspects, INTROSPECT_URL, faults);
        check(CLIENT_SECRET, config.clientSecretPath(), introspects, INTROSPECT_URL, faults);
        if (config.clientSecretPath().filter(file -> !Files.isReadable(file)).isPresent()) {
            faults.add(
                    CLIENT_SECRET.fault(
                            "names a file that cannot be read",
                            "make sure that it exists and that the user of this process may read"
                                    + " it"));
        }
        if (introspects && config.audience().or(() -> audience).isEmpty()) {
            faults.add(AUDIENCE.missing());
        }
        checkUrl(VALIDATE_URL, config.validateUrl(), faults);
        if (introspects && validates) {
            faults.add(
                    VALIDATE_URL.fault("is set as well as INTROSPECT_URL", "unset one of the two"));
        }
        check(ISSUER, config.issuer(), introspects || validates, INTROSPECT_URL, faults);
        if (config.issuer().filter(issuers::contains).isPresent()) {
            faults.add(
                    ISSUER.fault(
                            "is also the issuer of signed tokens",
                            "choose another name, so that neither can impersonate the callers of"
                                    + " the other"));
        }
        check(ROLE_SCOPES, config.roleScopes(), validates, VALIDATE_URL, faults);
        if (!config.roleScopes().orElse(List.of()).stream()
                .map(ScopePair::parse)
                .allMatch(Optional::isPresent)) {
            faults.add(ROLE_SCOPES.invalid());
        }
        return faults;
    }

    private static void checkUrl(Variable variable, Optional<URI> url, List<Fault> faults) {
        if (url.filter(set -> !BoundedHttp.permits(set)).isPresent()) {
            faults.add(
                    variable.fault(
                            "is neither https nor on loopback",
                            "set it to an https URL; http is for loopback addresses only"));
        }
    }

    /** A value that has a use must be set, and a value that is set must have a use. */
    private static void check(
            Variable variable,
            Optional<?> value,
            boolean needed,
            Variable needing,
            List<Fault> faults) {
        if (needed && value.isEmpty()) {
            faults.add(variable.missing());
        } else if (!needed && value.isPresent()) {
            faults.add(
                    variable.fault(
                            "is set without " + needing.name(),
                            "set %s too, or unset %s".formatted(needing.name(), variable.name())));
        }
    }
}

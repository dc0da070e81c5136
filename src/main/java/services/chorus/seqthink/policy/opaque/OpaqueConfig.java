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

/** The settings of opaque tokens: which service is asked about them. */
@ConfigMapping(prefix = "seqthink.opaque")
public interface OpaqueConfig {

    Section SECTION =
            Section.of(OpaqueConfig.class, "opaque")
                    .add("INTROSPECT_URL", "introspect-url", Form.url())
                    .meaning(
                            "Introspection endpoint (RFC 7662) that is asked about tokens which"
                                    + " are no JWT of a known issuer; answers count for 30 s")
                    .add(
                            "INTROSPECT_CLIENT_ID",
                            "client-id",
                            Form.text("the client id of this service"))
                    .meaning("Client id of this service at `INTROSPECT_URL`")
                    .add("INTROSPECT_CLIENT_SECRET_PATH", "client-secret-path", Form.path())
                    .meaning("File of that client's secret, read anew each time")
                    .add("INTROSPECT_AUDIENCE", "audience", Form.text("the `aud` of this service"))
                    .meaning(
                            "What an answer's `aud` must contain, where it has one; the first of"
                                    + " `JWT_AUDIENCE` unless set")
                    .add("VALIDATE_URL", "validate-url", Form.url())
                    .meaning(
                            "Instead of `INTROSPECT_URL`: a service of the plain form `POST"
                                    + " /v1/token/validate`")
                    .add(
                            "OPAQUE_ISSUER",
                            "issuer",
                            Form.text(
                                    "the issuer under which callers with opaque tokens are known"))
                    .meaning(
                            "Issuer under which callers with opaque tokens are known; none of"
                                    + " `JWT_ISSUER`")
                    .add(
                            "ROLE_SCOPES",
                            "role-scopes",
                            Form.texts(
                                    "role=scope pairs, such as admin=*,user=sequentialthinking.run"))
                    .meaning(
                            "What the roles of `VALIDATE_URL` are worth, such as"
                                    + " `admin=*,user=sequentialthinking.run`; `*` is every scope"
                                    + " that this service asks for. Other roles are worth nothing");

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

    /** Whether no opaque token is taken. */
    default boolean isOff() {
        return introspectUrl().isEmpty() && validateUrl().isEmpty();
    }

    /**
     * Why a door cannot start with these values.
     *
     * @param issuers the issuers of signed tokens
     * @param audience what their {@code aud} must contain, of the first
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
                            "set it to one that is there and that this process's user can read"));
        }
        if (introspects && config.audience().or(() -> audience).isEmpty()) {
            faults.add(AUDIENCE.missing());
        }
        checkUrl(VALIDATE_URL, config.validateUrl(), faults);
        if (introspects && validates) {
            faults.add(VALIDATE_URL.fault("is set beside INTROSPECT_URL", "unset one of the two"));
        }
        check(ISSUER, config.issuer(), introspects || validates, INTROSPECT_URL, faults);
        if (config.issuer().filter(issuers::contains).isPresent()) {
            faults.add(
                    ISSUER.fault(
                            "is also an issuer of signed tokens",
                            "set it to a name of its own, or one could speak for the callers of the"
                                    + " other"));
        }
        check(ROLE_SCOPES, config.roleScopes(), validates, VALIDATE_URL, faults);
        if (!config.roleScopes().orElse(List.of()).stream()
                .allMatch(TokenService.RoleScopes::isPair)) {
            faults.add(ROLE_SCOPES.unusable());
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

    /** What is set must be of use, and what is of use must be set. */
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
                            "is set without " + needing.name(), "set that too, or unset both"));
        }
    }
}

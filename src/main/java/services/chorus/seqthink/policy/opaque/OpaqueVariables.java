package services.chorus.seqthink.policy.opaque;

import java.net.URI;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import services.chorus.seqthink.config.Fault;
import services.chorus.seqthink.config.Form;
import services.chorus.seqthink.config.Variable;
import services.chorus.seqthink.net.BoundedHttp;

/**
 * The variables that say who is asked about opaque tokens, and what is wrong with them together.
 */
public final class OpaqueVariables {

    private static final Variable INTROSPECT_URL =
            Variable.of(
                    "INTROSPECT_URL",
                    "seqthink.opaque.introspect-url",
                    Form.url(),
                    "Introspection endpoint (RFC 7662) that is asked about tokens which are no JWT"
                            + " of a known issuer; answers count for 30 s");
    private static final Variable CLIENT_ID =
            Variable.of(
                    "INTROSPECT_CLIENT_ID",
                    "seqthink.opaque.client-id",
                    Form.text("the client id of this service"),
                    "Client id of this service at `INTROSPECT_URL`");
    private static final Variable CLIENT_SECRET =
            Variable.of(
                    "INTROSPECT_CLIENT_SECRET_PATH",
                    "seqthink.opaque.client-secret-path",
                    Form.path(),
                    "File of that client's secret, read anew each time");
    private static final Variable AUDIENCE =
            Variable.of(
                    "INTROSPECT_AUDIENCE",
                    "seqthink.opaque.audience",
                    Form.text("the `aud` of this service"),
                    "What an answer's `aud` must contain, where it has one; the first of"
                            + " `JWT_AUDIENCE` unless set");
    private static final Variable VALIDATE_URL =
            Variable.of(
                    "VALIDATE_URL",
                    "seqthink.opaque.validate-url",
                    Form.url(),
                    "Instead of `INTROSPECT_URL`: a service of the plain form `POST"
                            + " /v1/token/validate`");
    private static final Variable ISSUER =
            Variable.of(
                    "OPAQUE_ISSUER",
                    "seqthink.opaque.issuer",
                    Form.text("the issuer under which callers with opaque tokens are known"),
                    "Issuer under which callers with opaque tokens are known; none of"
                            + " `JWT_ISSUER`");
    private static final Variable ROLE_SCOPES =
            Variable.of(
                    "ROLE_SCOPES",
                    "seqthink.opaque.role-scopes",
                    Form.texts("role=scope pairs, such as admin=*,user=sequentialthinking.run"),
                    "What the roles of `VALIDATE_URL` are worth, such as"
                            + " `admin=*,user=sequentialthinking.run`; `*` is every scope that this"
                            + " service asks for. Other roles are worth nothing");

    private OpaqueVariables() {}

    /** Every variable of this room, in the order of the README's table. */
    public static List<Variable> all() {
        return List.of(
                INTROSPECT_URL,
                CLIENT_ID,
                CLIENT_SECRET,
                AUDIENCE,
                VALIDATE_URL,
                ISSUER,
                ROLE_SCOPES);
    }

    /**
     * Why a door cannot start with these values.
     *
     * @param issuers the issuers of signed tokens
     * @param audience what their {@code aud} must contain, of the first
     */
    public static List<Fault> faults(
            OpaqueConfig config, List<String> issuers, Optional<String> audience) {
        List<Fault> faults = new ArrayList<>();
        boolean introspects = config.introspectUrl().isPresent();
        boolean validates = config.validateUrl().isPresent();
        checkUrl(INTROSPECT_URL, config.introspectUrl(), faults);
        check(CLIENT_ID, config.clientId(), introspects, INTROSPECT_URL, faults);
        check(CLIENT_SECRET, config.clientSecretPath(), introspects, INTROSPECT_URL, faults);
        if (config.clientSecretPath().filter(file -> !Files.isReadable(file)).isPresent()) {
            faults.add(
                    new Fault(
                            CLIENT_SECRET.name(),
                            "names a file that cannot be read",
                            "set it to one that is there and that this process's user can read"));
        }
        if (introspects && config.audience().or(() -> audience).isEmpty()) {
            faults.add(missing(AUDIENCE));
        }
        checkUrl(VALIDATE_URL, config.validateUrl(), faults);
        if (introspects && validates) {
            faults.add(
                    new Fault(
                            VALIDATE_URL.name(),
                            "is set beside INTROSPECT_URL",
                            "unset one of the two"));
        }
        check(ISSUER, config.issuer(), introspects || validates, INTROSPECT_URL, faults);
        if (config.issuer().filter(issuers::contains).isPresent()) {
            faults.add(
                    new Fault(
                            ISSUER.name(),
                            "is also an issuer of signed tokens",
                            "set it to a name of its own, or one could speak for the callers of the"
                                    + " other"));
        }
        check(ROLE_SCOPES, config.roleScopes(), validates, VALIDATE_URL, faults);
        if (!config.roleScopes().orElse(List.of()).stream().allMatch(RoleScopes::isPair)) {
            faults.add(
                    new Fault(
                            ROLE_SCOPES.name(),
                            "is not usable",
                            "set it to " + ROLE_SCOPES.form().wants()));
        }
        return faults;
    }

    private static void checkUrl(Variable variable, Optional<URI> url, List<Fault> faults) {
        if (url.filter(set -> !BoundedHttp.permits(set)).isPresent()) {
            faults.add(
                    new Fault(
                            variable.name(),
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
            faults.add(missing(variable));
        } else if (!needed && value.isPresent()) {
            faults.add(
                    new Fault(
                            variable.name(),
                            "is set without " + needing.name(),
                            "set that too, or unset both"));
        }
    }

    private static Fault missing(Variable variable) {
        return new Fault(variable.name(), "is missing", "set it to " + variable.form().wants());
    }
}

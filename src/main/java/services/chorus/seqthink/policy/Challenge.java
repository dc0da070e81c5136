package services.chorus.seqthink.policy;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.util.regex.Pattern;

/**
 * The value of {@code WWW-Authenticate} on 401 and 403 (RFC 6750 section 3, RFC 9728 section 5.1).
 *
 * @param realm what is protected, in printable ASCII
 * @param scope the scope that the service asks for
 * @param resourceMetadata where its protected-resource metadata stands
 */
public record Challenge(String realm, String scope, URI resourceMetadata) {

    private static final Pattern PRINTABLE = Pattern.compile("[\\x20-\\x7E]+");

    public Challenge {
        requireNonNull(resourceMetadata, "resourceMetadata is null");
        if (!PRINTABLE.matcher(realm).matches()) {
            throw new IllegalArgumentException("A realm is printable ASCII");
        }
        if (!Scopes.isScope(scope)) {
            throw new IllegalArgumentException("A scope has no spaces and no quotes");
        }
    }

    /** For a request that sent no token: it did nothing wrong yet, so no error is named. */
    public String withoutToken() {
        return challenge("", scope);
    }

    /**
     * For a token, or an {@code Authorization} header, that is refused. A header that cannot be
     * read is {@code invalid_token} too ("malformed", RFC 6750 section 3.1): {@code
     * invalid_request} would ask for a 400, and nothing but the credentials is wrong.
     */
    public String invalidToken(Reason reason) {
        return challenge(error("invalid_token", reason.description()), scope);
    }

    /**
     * For a genuine token that lacks a scope (403).
     *
     * @param needed the scope that the route or tool asks for
     * @throws IllegalArgumentException when that is no scope-token (RFC 6749 section 3.3)
     */
    public String insufficientScope(String needed) {
        if (!Scopes.isScope(needed)) {
            throw new IllegalArgumentException("A scope has no spaces and no quotes");
        }
        return challenge(
                error("insufficient_scope", "The access token lacks the scope that is needed"),
                needed);
    }

    private String challenge(String error, String wanted) {
        return "Bearer realm=%s%s, scope=%s, resource_metadata=%s"
                .formatted(
                        quoted(realm),
                        error,
                        quoted(wanted),
                        quoted(resourceMetadata.toASCIIString()));
    }

    private static String error(String code, String description) {
        return ", error=%s, error_description=%s".formatted(quoted(code), quoted(description));
    }

    /** RFC 9110 section 5.6.4. */
    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}

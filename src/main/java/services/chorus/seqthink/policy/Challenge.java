package services.chorus.seqthink.policy;

import static java.util.stream.Collectors.joining;

import java.net.URI;
import java.util.List;

/**
 * The value of {@code WWW-Authenticate} on 401 and 403 (RFC 6750 section 3, RFC 9449 section 7.1,
 * RFC 9728 section 5.1): one challenge for each accepted scheme. An error is part of the challenge
 * for the scheme that the client used.
 *
 * @param scope the scope that the service requires
 * @param resourceMetadata the URL of the protected-resource metadata
 * @param proofRequired whether every token must come with a proof of its key
 */
public record Challenge(String scope, URI resourceMetadata, boolean proofRequired) {

    private static final String REALM = "seqthink";

    public Challenge {
        if (!AccessToken.isScope(scope)) {
            throw new IllegalArgumentException("A scope has no spaces and no quotes");
        }
    }

    /** For a request without a token: RFC 6750 section 3.1 wants no error code then. */
    public String withoutToken() {
        return schemes().stream()
                .map(scheme -> challenge(scheme, "", scope))
                .collect(joining(", "));
    }

    /**
     * For a rejected token or {@code Authorization} header. An unreadable header is {@code
     * invalid_token} too ("malformed", RFC 6750 section 3.1): {@code invalid_request} would require
     * a 400, although only the credentials are wrong.
     */
    public String invalidToken(Scheme tried, Reason reason) {
        return refused(tried, error("invalid_token", reason.description()));
    }

    /**
     * For a rejected or missing proof.
     *
     * @param description a fixed sentence without quotes or any part of the proof
     */
    public String invalidProof(String description) {
        return refused(Scheme.DPOP, error("invalid_dpop_proof", description));
    }

    /**
     * For a valid token that lacks a scope (403).
     *
     * @param needed the scope that the route or tool requires
     * @throws IllegalArgumentException when it is not a scope-token (RFC 6749 section 3.3)
     */
    public String insufficientScope(Scheme tried, String needed) {
        if (!AccessToken.isScope(needed)) {
            throw new IllegalArgumentException("A scope has no spaces and no quotes");
        }
        return challenge(
                tried,
                error("insufficient_scope", "The access token lacks the required scope"),
                needed);
    }

    private List<Scheme> schemes() {
        return proofRequired ? List.of(Scheme.DPOP) : List.of(Scheme.BEARER, Scheme.DPOP);
    }

    private String refused(Scheme tried, String error) {
        Scheme spokenTo = proofRequired ? Scheme.DPOP : tried;
        return schemes().stream()
                .map(scheme -> challenge(scheme, scheme == spokenTo ? error : "", scope))
                .collect(joining(", "));
    }

    private String challenge(Scheme scheme, String error, String wanted) {
        return "%s realm=%s%s, scope=%s%s, resource_metadata=%s"
                .formatted(
                        scheme.word(),
                        quoted(REALM),
                        error,
                        quoted(wanted),
                        scheme == Scheme.DPOP
                                ? ", algs=" + quoted(String.join(" ", SignatureAlgorithm.names()))
                                : "",
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

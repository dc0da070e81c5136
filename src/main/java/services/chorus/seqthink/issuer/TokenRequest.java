package services.chorus.seqthink.issuer;

import static services.chorus.seqthink.issuer.OAuthException.Code.INVALID_SCOPE;
import static services.chorus.seqthink.issuer.OAuthException.Code.UNSUPPORTED_GRANT_TYPE;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import services.chorus.seqthink.issuer.clients.Registration;

/**
 * A request with {@code grant_type=client_credentials} (RFC 6749 section 4.4).
 *
 * @param scopes the requested scopes; empty for all that the client may have
 * @param resource the requested audience (RFC 8707)
 */
record TokenRequest(Optional<Set<String>> scopes, Optional<String> resource) {

    static final String GRANT_TYPE = "client_credentials";

    static TokenRequest of(FormBody form) throws OAuthException {
        if (!form.required("grant_type").equals(GRANT_TYPE)) {
            throw new OAuthException(
                    UNSUPPORTED_GRANT_TYPE, "grant_type must be client_credentials");
        }
        return new TokenRequest(scopes(form.text("scope")), form.text("resource"));
    }

    /** The scopes that are both requested and allowed. */
    SortedSet<String> granted(Set<String> allowed) throws OAuthException {
        var granted = new TreeSet<>(allowed);
        scopes.ifPresent(granted::retainAll);
        if (granted.isEmpty()) {
            throw new OAuthException(INVALID_SCOPE, "Request a scope that this client may have");
        }
        return granted;
    }

    private static Optional<Set<String>> scopes(Optional<String> text) throws OAuthException {
        Optional<Set<String>> scopes =
                text.map(value -> new TreeSet<>(Arrays.asList(value.split(" ", -1))));
        if (!scopes.stream().flatMap(Set::stream).allMatch(Registration::isScope)) {
            throw new OAuthException(
                    INVALID_SCOPE, "Scopes must be printable ASCII, separated by single spaces");
        }
        return scopes;
    }
}

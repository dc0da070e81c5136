package services.chorus.seqthink.policy;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a verified token says; never the token itself.
 *
 * @param caller whose token it is
 * @param scopes what it grants
 * @param expiresAt when it ends, by the issuer's clock
 * @param tokenId its {@code jti}
 * @param ageRecipient its {@code age_recipient}, as written
 * @param boundTo the thumbprint of the key whose holder alone may use it ({@code cnf.jkt}, RFC 9449
 *     section 6.1)
 * @param hash unpadded base64url SHA-256 of the compact token, the envelope's {@code ath}
 */
public record AccessToken(
        Caller caller,
        Set<String> scopes,
        Instant expiresAt,
        Optional<String> tokenId,
        Optional<String> ageRecipient,
        Optional<String> boundTo,
        String hash) {

    private static final Pattern SCOPE = Pattern.compile("[\\x21\\x23-\\x5B\\x5D-\\x7E]+");

    public AccessToken {
        scopes = Set.copyOf(scopes);
    }

    /** Whether a text is one scope (RFC 6749 section 3.3, scope-token). */
    public static boolean isScope(String text) {
        return SCOPE.matcher(text).matches();
    }
}

package services.chorus.seqthink.policy;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The claims of a verified token; never the token itself.
 *
 * @param expiresAt by the issuer's clock
 * @param tokenId {@code jti}
 * @param ageRecipient {@code age_recipient}, unverified
 * @param boundTo the thumbprint of the key that a sender must prove ({@code cnf.jkt}, RFC 9449
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

    /** Whether a text is a scope-token (RFC 6749 section 3.3). */
    public static boolean isScope(String text) {
        return SCOPE.matcher(text).matches();
    }
}

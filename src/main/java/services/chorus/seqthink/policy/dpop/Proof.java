package services.chorus.seqthink.policy.dpop;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.MessageDigest;
import java.util.Optional;
import services.chorus.seqthink.hash.Sha256;

/**
 * A genuine proof for the method, the URL and the token of a request. Its {@code request_hash} and
 * earlier use are not yet checked.
 *
 * @param id {@code jti}
 * @param thumbprint of the proven key (RFC 7638): unpadded base64url SHA-256
 * @param requestHash {@code request_hash}
 */
public record Proof(String id, String thumbprint, Optional<String> requestHash) {

    /** Whether it was created for this content; compares in constant time. */
    public boolean covers(byte[] content) {
        byte[] hash = Sha256.base64url(content).getBytes(US_ASCII);
        return requestHash
                .filter(claimed -> MessageDigest.isEqual(claimed.getBytes(US_ASCII), hash))
                .isPresent();
    }
}

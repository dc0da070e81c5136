package services.chorus.seqthink.policy.dpop;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.MessageDigest;
import java.util.Optional;
import services.chorus.seqthink.hash.Sha256;

/**
 * A genuine proof for one request line, and for the token if there is one. Whether it was made for
 * the request's content too, and was not used before, is yet to be asked.
 *
 * @param id its {@code jti}
 * @param thumbprint that of the key which it proves (RFC 7638): unpadded base64url SHA-256
 * @param requestHash its {@code request_hash}, as written
 */
public record Proof(String id, String thumbprint, Optional<String> requestHash) {

    /** Whether it was made for this content; takes as long for every wrong one. */
    public boolean covers(byte[] content) {
        byte[] hash = Sha256.base64url(content).getBytes(US_ASCII);
        return requestHash
                .filter(claimed -> MessageDigest.isEqual(claimed.getBytes(US_ASCII), hash))
                .isPresent();
    }
}

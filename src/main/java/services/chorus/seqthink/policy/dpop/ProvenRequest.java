package services.chorus.seqthink.policy.dpop;

import java.util.Optional;

/**
 * The request that a proof must match.
 *
 * @param url the full URL of the route, under the public URL
 * @param token the access token of the request; empty for a token request (RFC 9449 section 5),
 *     whose proof may be of any key
 */
public record ProvenRequest(String method, String url, Optional<BoundToken> token) {

    /**
     * A token that is bound to a key.
     *
     * @param hash unpadded base64url SHA-256 of the token
     * @param thumbprint of the key
     */
    public record BoundToken(String hash, String thumbprint) {}
}

package services.chorus.seqthink.policy.dpop;

import java.util.Optional;

/**
 * What a request's proof must have been made for.
 *
 * @param method the request's, as in its first line
 * @param url the full URL of the route, under the public URL
 * @param token the access token sent along; empty where one is asked for (RFC 9449 section 5), with
 *     whatever key it is to be bound to
 */
public record ProvenRequest(String method, String url, Optional<BoundToken> token) {

    /**
     * A token that only the holder of a key may send.
     *
     * @param hash unpadded base64url SHA-256 of the token
     * @param thumbprint that of the key
     */
    public record BoundToken(String hash, String thumbprint) {}
}

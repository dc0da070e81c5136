package services.chorus.seqthink.policy.dpop;

/**
 * What a request's proof must have been made for.
 *
 * @param method the request's, as in its first line
 * @param url the full URL of the route, under the public URL
 * @param tokenHash unpadded base64url SHA-256 of the access token sent along
 * @param thumbprint that of the key that the token is bound to
 */
public record ProvenRequest(String method, String url, String tokenHash, String thumbprint) {}

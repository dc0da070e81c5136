package services.chorus.seqthink.client;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;
import services.chorus.seqthink.hash.Sha256;
import services.chorus.seqthink.json.CompactJws;
import services.chorus.seqthink.json.StrictBase64;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.signing.Ed25519Key;

/** Signs DPoP proofs, the values of the header {@code DPoP} (RFC 9449 section 4.2). */
final class DpopProof {

    private static final int ID_BYTES = 16;

    private DpopProof() {}

    /** A proof for a token request (section 5), with the issuer's nonce if it gave one. */
    static String forToken(
            Ed25519Key key, String method, String url, Optional<String> nonce, Instant now) {
        ObjectNode claims = claims(method, url, now);
        nonce.ifPresent(given -> claims.put("nonce", given));
        return sign(claims, key);
    }

    /** A proof for a request with a token (section 7). */
    static String withToken(
            Ed25519Key key, String method, String url, String token, byte[] content, Instant now) {
        return sign(
                claims(method, url, now)
                        .put("ath", Sha256.base64url(token))
                        .put("request_hash", Sha256.base64url(content)),
                key);
    }

    /** A new {@code jti}. */
    static String newId() {
        byte[] id = new byte[ID_BYTES];
        new SecureRandom().nextBytes(id);
        return StrictBase64.encode(id);
    }

    private static ObjectNode claims(String method, String url, Instant now) {
        return StrictJson.object()
                .put("jti", newId())
                .put("htm", method)
                .put("htu", url)
                .put("iat", now.getEpochSecond());
    }

    private static String sign(ObjectNode claims, Ed25519Key key) {
        ObjectNode header = StrictJson.object().put("alg", "EdDSA").put("typ", "dpop+jwt");
        header.set("jwk", key.publicKey().json());
        return CompactJws.sign(header, claims, key::sign);
    }
}

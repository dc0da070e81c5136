package services.chorus.seqthink.client;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.JoseException;
import services.chorus.seqthink.hash.Sha256;
import services.chorus.seqthink.json.StrictBase64;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.signing.Ed25519Key;

/** What a DPoP proof says (RFC 9449 section 4.2). */
final class DpopProof {

    private static final int ID_BYTES = 16;

    private final ObjectNode claims;

    private DpopProof(ObjectNode claims) {
        this.claims = claims;
    }

    /**
     * One that nobody made before, for a request that asks for a token (section 5).
     *
     * @param nonce what the issuer gave out for it
     */
    static DpopProof forToken(String method, String url, Optional<String> nonce, Instant now) {
        DpopProof proof = of(method, url, now);
        nonce.ifPresent(given -> proof.claims.put("nonce", given));
        return proof;
    }

    /** One that nobody made before, for a request that shows a token and has this content. */
    static DpopProof withToken(
            String method, String url, String token, byte[] content, Instant now) {
        DpopProof proof = of(method, url, now);
        proof.claims
                .put("ath", Sha256.base64url(token))
                .put("request_hash", Sha256.base64url(content));
        return proof;
    }

    /** As the header {@code DPoP} has it. */
    String sign(Ed25519Key key) {
        JsonWebSignature jws = new JsonWebSignature();
        jws.setAlgorithmHeaderValue(AlgorithmIdentifiers.EDDSA);
        jws.setHeader("typ", "dpop+jwt");
        jws.setJwkHeader(key.publicKey().jwk());
        jws.setPayloadBytes(StrictJson.write(claims));
        jws.setKey(key.signingKey());
        try {
            return jws.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException("A proof could not be signed", e);
        }
    }

    private static DpopProof of(String method, String url, Instant now) {
        byte[] id = new byte[ID_BYTES];
        new SecureRandom().nextBytes(id);
        return new DpopProof(
                StrictJson.object()
                        .put("jti", StrictBase64.encode(id))
                        .put("htm", method)
                        .put("htu", url)
                        .put("iat", now.getEpochSecond()));
    }
}

package services.chorus.seqthink.cli;

import java.security.SecureRandom;
import java.time.Instant;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.JoseException;
import services.chorus.seqthink.hash.Sha256;
import services.chorus.seqthink.json.StrictBase64;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.signing.Ed25519Key;

/**
 * What a DPoP proof says (RFC 9449 section 4.2), and the hash of the content that it is sent with.
 *
 * @param id {@code jti}; new for each proof
 * @param method {@code htm}
 * @param url {@code htu}
 * @param tokenHash {@code ath}
 * @param requestHash {@code request_hash}
 * @param issuedAt {@code iat}
 */
record DpopProof(
        String id,
        String method,
        String url,
        String tokenHash,
        String requestHash,
        Instant issuedAt) {

    private static final int ID_BYTES = 16;

    /** One that nobody made before. */
    static DpopProof of(String method, String url, String token, byte[] content, Instant now) {
        byte[] id = new byte[ID_BYTES];
        new SecureRandom().nextBytes(id);
        return new DpopProof(
                StrictBase64.encode(id),
                method,
                url,
                Sha256.base64url(token),
                Sha256.base64url(content),
                now);
    }

    /** As the header {@code DPoP} has it. */
    String sign(Ed25519Key key) {
        JsonWebSignature jws = new JsonWebSignature();
        jws.setAlgorithmHeaderValue(AlgorithmIdentifiers.EDDSA);
        jws.setHeader("typ", "dpop+jwt");
        jws.setJwkHeader(key.publicKey().jwk());
        jws.setPayloadBytes(
                StrictJson.write(
                        StrictJson.object()
                                .put("jti", id)
                                .put("htm", method)
                                .put("htu", url)
                                .put("iat", issuedAt.getEpochSecond())
                                .put("ath", tokenHash)
                                .put("request_hash", requestHash)));
        jws.setKey(key.signingKey());
        try {
            return jws.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException("A proof could not be signed", e);
        }
    }
}

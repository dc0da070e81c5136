package services.chorus.seqthink.protocol;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.JoseException;
import services.chorus.seqthink.json.StrictBase64;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.signing.Ed25519Key;
import services.chorus.seqthink.signing.Ed25519PublicKey;

/**
 * A payload that a door key signed, as a compact JWS (RFC 7515) that carries the key. Whether that
 * key is the right one is for the reader to say.
 *
 * @param payload what was signed
 * @param fingerprint of the key that signed it
 */
record SignedByDoor(byte[] payload, String fingerprint) {

    private static final String TYPE = "age-recipients";

    // no other, so none that would have to be understood (crit) or fetched (jku, x5u)
    private static final Set<String> HEADER = Set.of("alg", "typ", "kid", "jwk");

    static String sign(byte[] payload, Ed25519Key key) {
        JsonWebSignature jws = new JsonWebSignature();
        jws.setAlgorithmHeaderValue(AlgorithmIdentifiers.EDDSA);
        jws.setHeader("typ", TYPE);
        jws.setKeyIdHeaderValue(key.fingerprint());
        jws.setJwkHeader(key.publicKey().jwk());
        jws.setPayloadBytes(payload);
        jws.setKey(key.signingKey());
        try {
            return jws.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException("The recipients could not be signed", e);
        }
    }

    /**
     * Reads a JWS and verifies it by the key that it carries.
     *
     * @throws UnbelievableException when it is no such JWS
     */
    static SignedByDoor verify(String jws) throws UnbelievableException {
        String[] parts = jws.split("\\.", -1);
        if (parts.length != 3) {
            throw new UnbelievableException("it is no compact JWS");
        }
        ObjectNode header =
                StrictJson.parseObject(bytes(parts[0]))
                        .orElseThrow(() -> new UnbelievableException("its header is no JSON"));
        byte[] payload = bytes(parts[1]);
        bytes(parts[2]);
        Ed25519PublicKey key = keyOf(header);
        if (!isSignedBy(key, jws)) {
            throw new UnbelievableException("its signature is wrong");
        }
        return new SignedByDoor(payload, key.fingerprint());
    }

    private static Ed25519PublicKey keyOf(ObjectNode header) throws UnbelievableException {
        if (!StrictJson.hasExactly(header, HEADER)) {
            throw new UnbelievableException("its header needs alg, typ, kid and jwk, and no other");
        }
        if (!AlgorithmIdentifiers.EDDSA.equals(header.get("alg").textValue())) {
            throw new UnbelievableException("its alg is not EdDSA");
        }
        if (!TYPE.equals(header.get("typ").textValue())) {
            throw new UnbelievableException("its typ is not " + TYPE);
        }
        Ed25519PublicKey key =
                Ed25519PublicKey.of(header.get("jwk"))
                        .orElseThrow(
                                () ->
                                        new UnbelievableException(
                                                "its jwk is no public Ed25519 key"));
        if (!key.fingerprint().equals(header.get("kid").textValue())) {
            throw new UnbelievableException("its kid is not the thumbprint of its jwk");
        }
        return key;
    }

    private static boolean isSignedBy(Ed25519PublicKey key, String compact) {
        JsonWebSignature jws = new JsonWebSignature();
        jws.setAlgorithmConstraints(
                new AlgorithmConstraints(ConstraintType.PERMIT, AlgorithmIdentifiers.EDDSA));
        try {
            jws.setCompactSerialization(compact);
            jws.setKey(key.jwk().getPublicKey());
            return jws.verifySignature();
        } catch (JoseException e) {
            return false;
        }
    }

    private static byte[] bytes(String part) throws UnbelievableException {
        return StrictBase64.decode(part)
                .orElseThrow(() -> new UnbelievableException("it is not canonical base64url"));
    }
}

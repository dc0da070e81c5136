package services.chorus.seqthink.signing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.jose4j.jwk.OctetKeyPairJsonWebKey;
import org.jose4j.lang.JoseException;
import services.chorus.seqthink.json.StrictBase64;
import services.chorus.seqthink.json.StrictJson;

/**
 * The public half of an Ed25519 key, a JWK with exactly the members {@code kty}, {@code crv} and
 * {@code x} (RFC 8037 section 2).
 *
 * @param x 32 bytes as unpadded base64url
 */
public record Ed25519PublicKey(String x) {

    private static final int BYTES = 32;
    private static final String TYPE = "OKP";
    private static final String CURVE = "Ed25519";

    /** Reads a JWK; empty when it is another kind of key, has other members or is not sound. */
    public static Optional<Ed25519PublicKey> of(JsonNode jwk) {
        boolean fits =
                StrictJson.hasExactly(jwk, Set.of("kty", "crv", "x"))
                        && TYPE.equals(jwk.get("kty").textValue())
                        && CURVE.equals(jwk.get("crv").textValue());
        return fits
                ? StrictBase64.decode(jwk.get("x"))
                        .filter(Ed25519PublicKey::isSound)
                        .map(StrictBase64::encode)
                        .map(Ed25519PublicKey::new)
                : Optional.empty();
    }

    /** Reads 32 bytes of unpadded base64url; empty when malformed, or not a sound key. */
    public static Optional<Ed25519PublicKey> parse(String x) {
        return StrictBase64.decode(x)
                .filter(Ed25519PublicKey::isSound)
                .map(bytes -> new Ed25519PublicKey(x));
    }

    /**
     * Whether bytes are the canonical encoding of a point of prime order. With a key of small order
     * anybody can make signatures that many verifiers accept, and other encodings of a key would
     * have other fingerprints (RFC 8032 section 5.1.3; "Taming the many EdDSAs", section 2).
     */
    public static boolean isSound(byte[] bytes) {
        return bytes.length == BYTES && Ed25519.validatePublicKeyFull(bytes, 0);
    }

    /** Whether this key signed the message (pure Ed25519). */
    public boolean verifies(byte[] message, byte[] signature) {
        byte[] key = StrictBase64.decode(x).orElseThrow();
        return signature.length == Ed25519.SIGNATURE_SIZE
                && Ed25519.verify(signature, 0, key, 0, message, 0, message.length);
    }

    /** The SHA-256 thumbprint (RFC 7638) as unpadded base64url. */
    public String fingerprint() {
        return jwk().calculateBase64urlEncodedThumbprint("SHA-256");
    }

    public ObjectNode json() {
        return StrictJson.object().put("kty", TYPE).put("crv", CURVE).put("x", x);
    }

    public OctetKeyPairJsonWebKey jwk() {
        try {
            return new OctetKeyPairJsonWebKey(Map.of("kty", TYPE, "crv", CURVE, "x", x));
        } catch (JoseException e) {
            throw new IllegalStateException("The JDK has no Ed25519", e);
        }
    }
}

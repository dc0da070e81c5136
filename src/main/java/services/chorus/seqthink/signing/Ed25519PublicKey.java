package services.chorus.seqthink.sealing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jose4j.jwk.OctetKeyPairJsonWebKey;
import org.jose4j.lang.JoseException;

/**
 * The public half of a door key, a JWK of exactly the members {@code kty}, {@code crv} and {@code
 * x} (RFC 8037 section 2).
 *
 * @param x 32 bytes as unpadded base64url
 */
record DoorPublicKey(String x) {

    private static final int BYTES = 32;
    private static final String TYPE = "OKP";
    private static final String CURVE = "Ed25519";

    /** Reads a JWK; empty when it is anything else, or holds more. */
    static Optional<DoorPublicKey> of(JsonNode jwk) {
        boolean fits =
                hasExactly(jwk, Set.of("kty", "crv", "x"))
                        && TYPE.equals(jwk.get("kty").textValue())
                        && CURVE.equals(jwk.get("crv").textValue());
        return fits
                ? StrictBase64.decode(jwk.get("x"))
                        .filter(bytes -> bytes.length == BYTES)
                        .map(StrictBase64::encode)
                        .map(DoorPublicKey::new)
                : Optional.empty();
    }

    static boolean hasExactly(JsonNode object, Set<String> members) {
        Set<String> names = new LinkedHashSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return object instanceof ObjectNode && names.equals(members);
    }

    /** The SHA-256 thumbprint (RFC 7638) as unpadded base64url. */
    String fingerprint() {
        return jwk().calculateBase64urlEncodedThumbprint("SHA-256");
    }

    OctetKeyPairJsonWebKey jwk() {
        try {
            return new OctetKeyPairJsonWebKey(Map.of("kty", TYPE, "crv", CURVE, "x", x));
        } catch (JoseException e) {
            throw new IllegalStateException("This Java has no Ed25519", e);
        }
    }
}

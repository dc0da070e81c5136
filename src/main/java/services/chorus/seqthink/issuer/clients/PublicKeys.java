package services.chorus.seqthink.issuer.clients;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.Optional;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.policy.VerificationKey;

/**
 * The public keys that verify a client's assertions: RSA of 2048 bits or more, P-256, P-384, P-521
 * or Ed25519.
 */
@RegisterForReflection
public final class PublicKeys implements Client.Credential, Clients.NewCredential {

    public static final int MOST = 8;

    private final ObjectNode jwks;
    private final List<VerificationKey> keys;

    private PublicKeys(ObjectNode jwks, List<VerificationKey> keys) {
        this.jwks = jwks;
        this.keys = keys;
    }

    /**
     * Reads a JWK (RFC 7517 section 4) or a JWK set (section 5), in UTF-8.
     *
     * @throws IllegalArgumentException when it is malformed, or contains a private or unsupported
     *     key; the message says what it must be
     */
    public static PublicKeys parse(byte[] json) {
        return of(
                StrictJson.parseObject(json)
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                "A public key must be a JWK or a JWK set")));
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static PublicKeys of(ObjectNode document) {
        ObjectNode jwks = document;
        if (!document.has("keys")) {
            jwks = StrictJson.object();
            jwks.putArray("keys").add(document);
        }
        List<VerificationKey> keys =
                jwks.path("keys").valueStream().map(PublicKeys::usable).toList();
        if (keys.isEmpty() || keys.size() > MOST) {
            throw new IllegalArgumentException("A client needs 1 to " + MOST + " public keys");
        }
        return new PublicKeys(jwks, keys);
    }

    @JsonValue
    ObjectNode jwks() {
        return jwks;
    }

    /** The SHA-256 thumbprint (RFC 7638) of each key, as unpadded base64url. */
    public List<String> thumbprints() {
        return keys.stream().map(VerificationKey::thumbprint).toList();
    }

    @Override
    public String toString() {
        return "PublicKeys" + thumbprints();
    }

    boolean signed(ClientAssertion assertion) {
        return keys.stream()
                .filter(key -> isNamed(key, assertion.keyId()))
                .filter(key -> key.permits(assertion.algorithm()))
                .anyMatch(assertion::isSignedBy);
    }

    /** Also true when either has no {@code kid}. */
    private static boolean isNamed(VerificationKey key, Optional<String> keyId) {
        return key.keyId().isEmpty() || keyId.isEmpty() || key.keyId().equals(keyId);
    }

    private static VerificationKey usable(JsonNode jwk) {
        if (jwk.has("d") || jwk.has("k")) {
            throw new IllegalArgumentException(
                    "This is a private key: keep it secret, and register its public key only");
        }
        return VerificationKey.from(jwk)
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "A public key must be a JWK for signatures: RSA of 2048"
                                                + " bits or more, P-256, P-384, P-521 or Ed25519"));
    }
}

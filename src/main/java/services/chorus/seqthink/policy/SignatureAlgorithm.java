package services.chorus.seqthink.policy;

import java.security.PublicKey;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jose4j.jca.ProviderContext;
import org.jose4j.jwa.AlgorithmFactoryFactory;
import org.jose4j.lang.JoseException;

/**
 * The signature algorithms of RFC 7518 and RFC 8037 that are accepted: no HMAC, no {@code none}.
 */
public enum SignatureAlgorithm {
    RS256("RS256", "RSA"),
    RS384("RS384", "RSA"),
    RS512("RS512", "RSA"),
    PS256("PS256", "RSA"),
    PS384("PS384", "RSA"),
    PS512("PS512", "RSA"),
    ES256("ES256", "P-256"),
    ES384("ES384", "P-384"),
    ES512("ES512", "P-521"),
    EDDSA("EdDSA", "Ed25519");

    private final String jwsName;
    private final String keyKind;

    SignatureAlgorithm(String jwsName, String keyKind) {
        this.jwsName = jwsName;
        this.keyKind = keyKind;
    }

    /** The algorithm with this {@code alg}; empty when it is none of these. */
    public static Optional<SignatureAlgorithm> named(String jwsName) {
        return Arrays.stream(values())
                .filter(algorithm -> algorithm.jwsName.equals(jwsName))
                .findFirst();
    }

    /** All of them as a JWS's {@code alg} names them. */
    public static List<String> names() {
        return Arrays.stream(values()).map(SignatureAlgorithm::jwsName).toList();
    }

    /** Its {@code alg} in a JWS. */
    public String jwsName() {
        return jwsName;
    }

    /** {@code RSA}, or the name of the curve as a JWK's {@code crv} has it. */
    String keyKind() {
        return keyKind;
    }

    /** Whether the signature is this key's; one that cannot even be read is not. */
    public boolean verifies(byte[] signedBytes, byte[] signature, PublicKey key) {
        try {
            return AlgorithmFactoryFactory.getInstance()
                    .getJwsAlgorithmFactory()
                    .getAlgorithm(jwsName)
                    .verifySignature(signature, key, signedBytes, new ProviderContext());
        } catch (JoseException e) {
            return false;
        }
    }
}

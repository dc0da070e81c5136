package services.chorus.seqthink.policy;

import java.security.PublicKey;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jose4j.jca.ProviderContext;
import org.jose4j.jwa.AlgorithmFactoryFactory;
import org.jose4j.lang.JoseException;

/**
 * The accepted signature algorithms of RFC 7518 and RFC 8037: no HMAC, no {@code none}. RFC 9864
 * names EdDSA by its curve, here always Ed25519.
 */
public enum SignatureAlgorithm {
    RS256("RSA", "RS256"),
    RS384("RSA", "RS384"),
    RS512("RSA", "RS512"),
    PS256("RSA", "PS256"),
    PS384("RSA", "PS384"),
    PS512("RSA", "PS512"),
    ES256("P-256", "ES256"),
    ES384("P-384", "ES384"),
    ES512("P-521", "ES512"),
    EDDSA("Ed25519", "EdDSA", "Ed25519");

    private final String keyKind;
    private final List<String> jwsNames;

    SignatureAlgorithm(String keyKind, String... jwsNames) {
        this.keyKind = keyKind;
        this.jwsNames = List.of(jwsNames);
    }

    /** The algorithm with this {@code alg}; empty for any other name. */
    public static Optional<SignatureAlgorithm> named(String jwsName) {
        return Arrays.stream(values()).filter(algorithm -> algorithm.isNamed(jwsName)).findFirst();
    }

    /** Every accepted value of {@code alg}. */
    public static List<String> names() {
        return Arrays.stream(values()).flatMap(each -> each.jwsNames.stream()).toList();
    }

    boolean isNamed(String jwsName) {
        return jwsName != null && jwsNames.contains(jwsName);
    }

    /** The {@code alg} to write into a new JWS. */
    public String jwsName() {
        return jwsNames.getFirst();
    }

    /** {@code RSA}, or the curve as in a JWK's {@code crv}. */
    String keyKind() {
        return keyKind;
    }

    /** Whether the key verifies the signature; false for a malformed signature. */
    public boolean verifies(byte[] signedBytes, byte[] signature, PublicKey key) {
        try {
            return AlgorithmFactoryFactory.getInstance()
                    .getJwsAlgorithmFactory()
                    .getAlgorithm(jwsName())
                    .verifySignature(signature, key, signedBytes, new ProviderContext());
        } catch (JoseException e) {
            return false;
        }
    }
}

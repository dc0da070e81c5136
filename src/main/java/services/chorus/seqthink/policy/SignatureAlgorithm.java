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
 * RFC 9864 calls EdDSA with the one curve that is known here by that curve's name.
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

    /** The algorithm with this {@code alg}; empty when it is none of these. */
    public static Optional<SignatureAlgorithm> named(String jwsName) {
        return Arrays.stream(values()).filter(algorithm -> algorithm.isNamed(jwsName)).findFirst();
    }

    /** All of them as a JWS's {@code alg} names them. */
    public static List<String> names() {
        return Arrays.stream(values()).flatMap(each -> each.jwsNames.stream()).toList();
    }

    boolean isNamed(String jwsName) {
        return jwsName != null && jwsNames.contains(jwsName);
    }

    /** The {@code alg} of a JWS that is made with it. */
    public String jwsName() {
        return jwsNames.getFirst();
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
                    .getAlgorithm(jwsName())
                    .verifySignature(signature, key, signedBytes, new ProviderContext());
        } catch (JoseException e) {
            return false;
        }
    }
}

package services.chorus.seqthink.issuer.keys;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.jose4j.keys.EdDsaKeyUtil;
import org.jose4j.lang.JoseException;
import services.chorus.seqthink.policy.SignatureAlgorithm;

/** The algorithms that the issuer can sign with. */
public enum KeyAlgorithm {
    /** RSASSA-PKCS1-v1_5 with SHA-256 and keys of 2048 bits (RFC 7518 section 3.3). */
    RS256(SignatureAlgorithm.RS256, "RSA"),
    /** Ed25519 (RFC 8037 section 3.1). */
    EDDSA(SignatureAlgorithm.EDDSA, "Ed25519");

    private static final int RSA_BITS = 2048;

    private final SignatureAlgorithm signature;
    private final String keyKind;

    KeyAlgorithm(SignatureAlgorithm signature, String keyKind) {
        this.signature = signature;
        this.keyKind = keyKind;
    }

    /** The algorithm with this {@code alg}; empty when there is none. */
    public static Optional<KeyAlgorithm> named(String jwsName) {
        return Arrays.stream(values())
                .filter(algorithm -> algorithm.jwsName().equals(jwsName))
                .findFirst();
    }

    /** The {@code alg} names of all algorithms. */
    public static List<String> names() {
        return Arrays.stream(values()).map(KeyAlgorithm::jwsName).toList();
    }

    /** The {@code alg} of a JWS. */
    public String jwsName() {
        return signature.jwsName();
    }

    SignatureAlgorithm signature() {
        return signature;
    }

    KeyPair generate() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(keyKind);
            if (this == RS256) {
                generator.initialize(RSA_BITS);
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java does not support " + keyKind, e);
        }
    }

    /**
     * The key pair of a private key.
     *
     * @param pkcs8 not wiped here
     * @return empty when it is no key of this algorithm, or too short
     */
    Optional<KeyPair> pair(byte[] pkcs8) {
        try {
            KeyFactory factory = KeyFactory.getInstance(keyKind);
            PrivateKey key = factory.generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            return switch (key) {
                case RSAPrivateCrtKey rsa when rsa.getModulus().bitLength() >= RSA_BITS -> {
                    var spec = new RSAPublicKeySpec(rsa.getModulus(), rsa.getPublicExponent());
                    yield Optional.of(new KeyPair(factory.generatePublic(spec), key));
                }
                case EdECPrivateKey ed -> Optional.of(new KeyPair(publicKey(ed), key));
                default -> Optional.empty();
            };
        } catch (GeneralSecurityException | JoseException e) {
            return Optional.empty();
        }
    }

    /** RFC 8032 section 5.1.5; the JDK cannot compute it. */
    private static PublicKey publicKey(EdECPrivateKey key) throws JoseException {
        byte[] secret = key.getBytes().orElseThrow();
        byte[] publicBytes = new byte[Ed25519.PUBLIC_KEY_SIZE];
        try {
            Ed25519.generatePublicKey(secret, 0, publicBytes, 0);
            return new EdDsaKeyUtil().publicKey(publicBytes, EdDsaKeyUtil.ED25519);
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
    }
}

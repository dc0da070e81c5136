package services.chorus.seqthink.issuer.keys;

import java.math.BigInteger;
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

/** What the issuer may sign with. */
public enum KeyAlgorithm {
    /** RSASSA-PKCS1-v1_5 with SHA-256 and keys of 2048 bits (RFC 7518 section 3.3). */
    RS256("RS256", "RSA"),
    /** Ed25519 (RFC 8037 section 3.1). */
    EDDSA("EdDSA", "Ed25519");

    private static final int RSA_BITS = 2048;

    private final String jwsName;
    private final String keyKind;

    KeyAlgorithm(String jwsName, String keyKind) {
        this.jwsName = jwsName;
        this.keyKind = keyKind;
    }

    /** The algorithm with this {@code alg}; empty when it is none of these. */
    public static Optional<KeyAlgorithm> named(String jwsName) {
        return Arrays.stream(values())
                .filter(algorithm -> algorithm.jwsName.equals(jwsName))
                .findFirst();
    }

    /** All of them as a JWS's {@code alg} names them. */
    public static List<String> names() {
        return Arrays.stream(values()).map(KeyAlgorithm::jwsName).toList();
    }

    /** The {@code alg} of a JWS. */
    public String jwsName() {
        return jwsName;
    }

    KeyPair generate() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(keyKind);
            if (this == RS256) {
                generator.initialize(RSA_BITS);
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java has no " + keyKind, e);
        }
    }

    /**
     * The key pair of a private half.
     *
     * @param pkcs8 stays the caller's
     * @return empty when that is no fit key of this algorithm
     */
    Optional<KeyPair> pair(byte[] pkcs8) {
        try {
            PrivateKey key =
                    KeyFactory.getInstance(keyKind).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            return publicHalf(key).map(half -> new KeyPair(half, key));
        } catch (GeneralSecurityException | JoseException e) {
            return Optional.empty();
        }
    }

    private static Optional<PublicKey> publicHalf(PrivateKey key)
            throws GeneralSecurityException, JoseException {
        return switch (key) {
            case RSAPrivateCrtKey rsa when rsa.getModulus().bitLength() >= RSA_BITS ->
                    Optional.of(rsa(rsa.getModulus(), rsa.getPublicExponent()));
            case EdECPrivateKey ed -> ed25519(ed);
            default -> Optional.empty();
        };
    }

    private static PublicKey rsa(BigInteger modulus, BigInteger exponent)
            throws GeneralSecurityException {
        return KeyFactory.getInstance("RSA")
                .generatePublic(new RSAPublicKeySpec(modulus, exponent));
    }

    /** The JDK does not compute the public half of a private one (RFC 8032 section 5.1.5). */
    private static Optional<PublicKey> ed25519(EdECPrivateKey key) throws JoseException {
        Optional<byte[]> secret = key.getBytes();
        if (secret.isEmpty()) {
            return Optional.empty();
        }
        byte[] half = new byte[Ed25519.PUBLIC_KEY_SIZE];
        try {
            Ed25519.generatePublicKey(secret.get(), 0, half, 0);
            return Optional.of(new EdDsaKeyUtil().publicKey(half, EdDsaKeyUtil.ED25519));
        } finally {
            Arrays.fill(secret.get(), (byte) 0);
        }
    }
}

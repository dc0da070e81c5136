package services.chorus.seqthink.issuer.clients;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.lang.JoseException;
import services.chorus.seqthink.testing.TestAssertion;

/**
 * A key that is not Ed25519; the JDK signs with it.
 *
 * @param algorithm the JWS's {@code alg}
 * @param signature the JDK's name of the algorithm
 */
record OtherKey(String algorithm, String signature, KeyPair pair) {

    static OtherKey rsa(String algorithm, String signature, int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits);
            return new OtherKey(algorithm, signature, generator.generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static OtherKey elliptic(String algorithm, String signature, String curve) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(curve));
            return new OtherKey(algorithm, signature, generator.generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    String publicJwk() {
        try {
            return PublicJsonWebKey.Factory.newPublicJwk(pair.getPublic()).toJson();
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    TestAssertion assertion() {
        return new TestAssertion(algorithm, this::sign);
    }

    private byte[] sign(byte[] input) {
        try {
            Signature jdk = Signature.getInstance(signature);
            jdk.initSign(pair.getPrivate());
            jdk.update(input);
            return jdk.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return algorithm;
    }
}

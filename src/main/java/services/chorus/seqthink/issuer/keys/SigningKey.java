package services.chorus.seqthink.issuer.keys;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.time.Instant;
import java.util.Optional;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwk.Use;
import org.jose4j.jws.AlgorithmIdentifiers;

/** One RSA key pair of the issuer. Immutable; its text shows no private part. */
final class SigningKey {

    private static final int BITS = 2048;

    private final RSAPrivateCrtKey privateKey;
    private final RSAPublicKey publicKey;
    private final String kid;
    private final Instant createdAt;
    private final StoredKey.State state;

    private SigningKey(RSAPrivateCrtKey privateKey, Instant createdAt, StoredKey.State state)
            throws GeneralSecurityException {
        this.privateKey = privateKey;
        this.publicKey = publicHalf(privateKey);
        this.kid = new RsaJsonWebKey(publicKey).calculateBase64urlEncodedThumbprint("SHA-256");
        this.createdAt = createdAt;
        this.state = state;
    }

    static SigningKey generate(Instant createdAt) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(BITS);
            var privateKey = (RSAPrivateCrtKey) generator.generateKeyPair().getPrivate();
            return new SigningKey(privateKey, createdAt, StoredKey.State.SIGNING);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java has no RSA", e);
        }
    }

    /** The key of a stored one, whose bytes are wiped; empty when they are no fit key. */
    static Optional<SigningKey> of(StoredKey stored) {
        try {
            var spec = new PKCS8EncodedKeySpec(stored.pkcs8());
            PrivateKey key = KeyFactory.getInstance("RSA").generatePrivate(spec);
            return key instanceof RSAPrivateCrtKey rsa && rsa.getModulus().bitLength() >= BITS
                    ? Optional.of(new SigningKey(rsa, stored.createdAt(), stored.state()))
                            .filter(signing -> signing.kid.equals(stored.kid()))
                    : Optional.empty();
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        } finally {
            stored.wipe();
        }
    }

    StoredKey stored() {
        return new StoredKey(kid, createdAt, state, privateKey.getEncoded());
    }

    /** The RFC 7638 thumbprint: base64url of SHA-256, without padding. */
    String kid() {
        return kid;
    }

    boolean signs() {
        return state == StoredKey.State.SIGNING;
    }

    PrivateKey privateKey() {
        return privateKey;
    }

    /** The public half alone, as it stands in the JWKS. */
    RsaJsonWebKey publicJwk() {
        RsaJsonWebKey jwk = new RsaJsonWebKey(publicKey);
        jwk.setKeyId(kid);
        jwk.setUse(Use.SIGNATURE);
        jwk.setAlgorithm(AlgorithmIdentifiers.RSA_USING_SHA256);
        return jwk;
    }

    @Override
    public String toString() {
        return "SigningKey[kid=" + kid + ", state=" + state + "]";
    }

    private static RSAPublicKey publicHalf(RSAPrivateCrtKey key) throws GeneralSecurityException {
        var spec = new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent());
        return (RSAPublicKey) KeyFactory.getInstance("RSA").generatePublic(spec);
    }
}

package services.chorus.seqthink.issuer.keys;

import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwk.Use;
import org.jose4j.lang.JoseException;

/**
 * One key pair of the issuer.
 *
 * @param kid the RFC 7638 thumbprint: base64url of SHA-256, without padding
 * @param publishedAt when it was added to the JWKS
 * @param signsFrom when it replaces the key before it
 * @param lead the longest {@link KeyPlan#lead} since it exists
 * @param grace the longest {@link KeyPlan#grace} since it exists
 */
record SigningKey(
        String kid,
        KeyAlgorithm algorithm,
        Instant createdAt,
        Instant publishedAt,
        Instant signsFrom,
        Duration lead,
        Duration grace,
        KeyPair pair) {

    static SigningKey generate(
            KeyAlgorithm algorithm, Instant now, Instant signsFrom, KeyPlan plan) {
        KeyPair pair = algorithm.generate();
        return new SigningKey(
                kid(pair), algorithm, now, now, signsFrom, plan.lead(), plan.grace(), pair);
    }

    static String kid(KeyPair pair) {
        return jwk(pair).calculateBase64urlEncodedThumbprint("SHA-256");
    }

    SigningKey signingFrom(Instant time) {
        return new SigningKey(kid, algorithm, createdAt, publishedAt, time, lead, grace, pair);
    }

    /** The key with its lead and grace extended to the plan's. */
    SigningKey under(KeyPlan plan) {
        return new SigningKey(
                kid,
                algorithm,
                createdAt,
                publishedAt,
                signsFrom,
                longer(lead, plan.lead()),
                longer(grace, plan.grace()),
                pair);
    }

    PublicJsonWebKey publicJwk() {
        PublicJsonWebKey jwk = jwk(pair);
        jwk.setKeyId(kid);
        jwk.setUse(Use.SIGNATURE);
        jwk.setAlgorithm(algorithm.jwsName());
        return jwk;
    }

    @Override
    public String toString() {
        return "SigningKey[kid=" + kid + ", signsFrom=" + signsFrom + "]";
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private static PublicJsonWebKey jwk(KeyPair pair) {
        try {
            return PublicJsonWebKey.Factory.newPublicJwk(pair.getPublic());
        } catch (JoseException e) {
            throw new IllegalStateException("A generated key cannot be encoded", e);
        }
    }
}

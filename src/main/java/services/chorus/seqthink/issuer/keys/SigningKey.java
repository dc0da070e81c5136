package services.chorus.seqthink.issuer.keys;

import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwk.Use;
import org.jose4j.lang.JoseException;

/**
 * One key pair of the issuer. Its text shows no private part.
 *
 * @param kid the RFC 7638 thumbprint: base64url of SHA-256, without padding
 * @param publishedAt since when it stands in the JWKS
 * @param signsFrom when it takes over from the key before it
 * @param lead the longest of all {@link KeyPlan#lead} while it was there
 * @param grace the longest of all {@link KeyPlan#grace} while it was there
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

    /** A new key that is published now. */
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

    /** While this plan holds, too: it makes nothing shorter. */
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

    /** The public half alone, as it stands in the JWKS. */
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
            throw new IllegalStateException("A key that was made cannot be written", e);
        }
    }
}

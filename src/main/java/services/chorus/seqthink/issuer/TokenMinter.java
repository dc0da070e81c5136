package services.chorus.seqthink.issuer;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import services.chorus.seqthink.issuer.clients.Client;
import services.chorus.seqthink.issuer.keys.SigningKeys;
import services.chorus.seqthink.json.StrictBase64;
import services.chorus.seqthink.policy.Scheme;

/** Makes access tokens: JWTs as in RFC 9068. Safe for use by several threads. */
record TokenMinter(
        SigningKeys keys, String issuer, String audience, Duration lifetime, InstantSource clock) {

    /**
     * A signed access token.
     *
     * @param value the compact JWT
     * @param scheme the token type
     * @param scope the scopes granted, separated by single spaces
     */
    record SignedToken(String value, Scheme scheme, Duration lifetime, String scope) {

        @Override
        public String toString() {
            return "SignedToken[hidden]";
        }
    }

    /** RFC 9068 section 2.1. */
    static final String TYPE = "at+jwt";

    private static final int JTI_BYTES = 16;

    /**
     * @param ageRecipient the recipient of replies to requests with this token
     * @param keyThumbprint of the key that the token is bound to
     */
    SignedToken mint(
            Client client,
            SortedSet<String> scopes,
            Optional<String> ageRecipient,
            Optional<String> keyThumbprint) {
        byte[] id = new byte[JTI_BYTES];
        new SecureRandom().nextBytes(id);
        String scope = String.join(" ", scopes);
        long now = clock.instant().getEpochSecond();
        var claims = new JwtClaims();
        claims.setIssuer(issuer);
        claims.setSubject(client.clientId());
        claims.setStringClaim("client_id", client.clientId());
        claims.setAudience(audience);
        claims.setIssuedAt(NumericDate.fromSeconds(now));
        claims.setNotBefore(NumericDate.fromSeconds(now));
        claims.setExpirationTime(NumericDate.fromSeconds(now + lifetime.toSeconds()));
        claims.setJwtId(StrictBase64.encode(id));
        claims.setStringClaim("scope", scope);
        ageRecipient.ifPresent(recipient -> claims.setStringClaim("age_recipient", recipient));
        // RFC 9449 section 6.1
        keyThumbprint.ifPresent(jkt -> claims.setClaim("cnf", Map.of("jkt", jkt)));
        Scheme scheme = keyThumbprint.isPresent() ? Scheme.DPOP : Scheme.BEARER;
        return new SignedToken(keys.sign(TYPE, claims.toJson()), scheme, lifetime, scope);
    }
}

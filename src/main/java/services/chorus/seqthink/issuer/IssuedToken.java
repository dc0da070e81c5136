package services.chorus.seqthink.issuer;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;

/** What a token of ours says of itself. */
record IssuedToken(
        String issuer, String clientId, String tokenId, Instant notBefore, Instant expiresAt) {

    /** Reads the payload that {@link TokenMinter} wrote and one of our keys signed. */
    static IssuedToken of(JsonNode claims) {
        return new IssuedToken(
                claims.path("iss").asText(),
                claims.path("client_id").asText(),
                claims.path("jti").asText(),
                Instant.ofEpochSecond(claims.path("nbf").asLong()),
                Instant.ofEpochSecond(claims.path("exp").asLong()));
    }

    boolean isCurrentAt(Instant now) {
        return !now.isBefore(notBefore) && now.isBefore(expiresAt);
    }
}

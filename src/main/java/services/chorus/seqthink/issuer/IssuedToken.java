package services.chorus.seqthink.issuer;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;

/** What a token of ours says of itself. */
record IssuedToken(String clientId, String tokenId, Instant expiresAt) {

    /** Reads the payload that {@link TokenMinter} wrote and one of our keys signed. */
    static IssuedToken of(JsonNode claims) {
        return new IssuedToken(
                claims.path("client_id").asText(),
                claims.path("jti").asText(),
                Instant.ofEpochSecond(claims.path("exp").asLong()));
    }
}

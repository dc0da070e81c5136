package services.chorus.seqthink.issuer;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Optional;
import services.chorus.seqthink.issuer.clients.Client;
import services.chorus.seqthink.issuer.keys.SigningKeys;

/** What a token of ours says of itself. */
public record IssuedToken(
        String issuer,
        String clientId,
        String tokenId,
        Instant issuedAt,
        Instant notBefore,
        Instant expiresAt) {

    /** Reads a token, whether it ended or not; empty when none of our keys signed it. */
    public static Optional<IssuedToken> read(String token, SigningKeys keys) {
        return keys.verified(TokenMinter.TYPE, token).map(IssuedToken::of);
    }

    static IssuedToken of(JsonNode claims) {
        return new IssuedToken(
                claims.path("iss").asText(),
                claims.path("client_id").asText(),
                claims.path("jti").asText(),
                Instant.ofEpochSecond(claims.path("iat").asLong()),
                Instant.ofEpochSecond(claims.path("nbf").asLong()),
                Instant.ofEpochSecond(claims.path("exp").asLong()));
    }

    /** Whether it is this client's, and not of one that had its id before. */
    boolean isOf(Client client) {
        return clientId.equals(client.clientId())
                && issuedAt.getEpochSecond() >= client.createdAt().getEpochSecond();
    }

    boolean isCurrentAt(Instant now) {
        return !now.isBefore(notBefore) && now.isBefore(expiresAt);
    }
}

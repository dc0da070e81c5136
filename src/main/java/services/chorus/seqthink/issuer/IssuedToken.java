package services.chorus.seqthink.issuer;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Optional;
import services.chorus.seqthink.issuer.clients.Client;
import services.chorus.seqthink.issuer.keys.SigningKeys;

/** The claims of a token of this issuer. */
public record IssuedToken(
        String issuer,
        String clientId,
        String tokenId,
        Instant issuedAt,
        Instant notBefore,
        Instant expiresAt) {

    /** Reads a token, expired or not; empty when none of these keys signed it. */
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

    /** Whether it was issued to this client, and not to an earlier one with the same id. */
    boolean isOf(Client client) {
        return clientId.equals(client.clientId())
                && issuedAt.getEpochSecond() >= client.createdAt().getEpochSecond();
    }

    boolean isCurrentAt(Instant now) {
        return !now.isBefore(notBefore) && now.isBefore(expiresAt);
    }
}

package services.chorus.seqthink.issuer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import services.chorus.seqthink.issuer.clients.Client;
import services.chorus.seqthink.issuer.clients.Clients;
import services.chorus.seqthink.issuer.keys.SigningKeys;
import services.chorus.seqthink.issuer.revoked.RevokedTokens;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.policy.Scheme;

/** Says what a token is worth now (RFC 7662 section 2.2). Safe for use by several threads. */
record Introspection(
        String issuer,
        SigningKeys keys,
        Clients clients,
        RevokedTokens revoked,
        InstantSource clock) {

    private static final List<String> TOLD =
            List.of(
                    "scope",
                    "client_id",
                    "sub",
                    "aud",
                    "iss",
                    "exp",
                    "iat",
                    "nbf",
                    "jti",
                    "cnf",
                    "age_recipient");

    /**
     * What a client may know of a token: {@code active}, and nothing else where that is false.
     *
     * @param token any text
     */
    ObjectNode of(String token, Client asking) {
        return keys.verified(TokenMinter.TYPE, token)
                .filter(claims -> isActive(IssuedToken.of(claims), asking))
                .map(Introspection::active)
                .orElseGet(() -> StrictJson.object().put("active", false));
    }

    private boolean isActive(IssuedToken token, Client asking) {
        Instant now = clock.instant();
        return (token.isOf(asking) || asking.mayIntrospect())
                && token.issuer().equals(issuer)
                && token.isCurrentAt(now)
                && !revoked.contains(token.tokenId())
                && clients.find(token.clientId())
                        .filter(client -> token.isOf(client) && client.isServedAt(now))
                        .isPresent();
    }

    private static ObjectNode active(ObjectNode claims) {
        Scheme scheme = claims.has("cnf") ? Scheme.DPOP : Scheme.BEARER;
        ObjectNode answer = StrictJson.object().put("active", true);
        answer.put("token_type", scheme.word());
        answer.setAll(claims.deepCopy().<ObjectNode>retain(TOLD));
        return answer;
    }
}

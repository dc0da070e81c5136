package services.chorus.seqthink.issuer.revoked;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import services.chorus.seqthink.issuer.keys.SigningKeys;
import services.chorus.seqthink.json.StrictJson;

/**
 * The published list of revoked tokens: a compact JWS, so that nobody between issuer and gateway
 * can remove an entry. Safe for use by several threads.
 */
public final class RevocationList {

    static final String TYPE = "revoked-tokens+jwt";

    /** How long an unchanged list is not signed again: anyone may request it, and signing costs. */
    public static final Duration SIGNED_FOR = Duration.ofSeconds(5);

    /** How long an attacker can replay an old list to a gateway that has no newer one. */
    private static final Duration LIFETIME = Duration.ofMinutes(2);

    private final RevokedTokens revoked;
    private final SigningKeys keys;
    private final String issuer;
    private final InstantSource clock;
    private Signed last = new Signed(RevokedTokens.Document.EMPTY, Instant.MIN, "");

    private record Signed(RevokedTokens.Document document, Instant at, String jws) {

        boolean isFresh(RevokedTokens.Document current, Instant now) {
            return document == current && !now.isBefore(at) && now.isBefore(at.plus(SIGNED_FOR));
        }
    }

    public RevocationList(
            RevokedTokens revoked, SigningKeys keys, String issuer, InstantSource clock) {
        this.revoked = revoked;
        this.keys = keys;
        this.issuer = issuer;
        this.clock = clock;
    }

    public synchronized String signed() {
        Instant now = clock.instant();
        RevokedTokens.Document current = revoked.current();
        if (!last.isFresh(current, now)) {
            last = new Signed(current, now, keys.sign(TYPE, json(current, now)));
        }
        return last.jws;
    }

    private String json(RevokedTokens.Document current, Instant now) {
        ObjectNode list = StrictJson.object();
        list.put("iss", issuer);
        list.put("iat", now.getEpochSecond());
        list.put("exp", now.plus(LIFETIME).getEpochSecond());
        ArrayNode sha256 = list.putArray("sha256");
        current.since(now).keySet().forEach(sha256::add);
        return list.toString();
    }
}

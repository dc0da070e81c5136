package services.chorus.seqthink.policy.denied;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import services.chorus.seqthink.hash.Sha256;
import services.chorus.seqthink.json.NumericDate;
import services.chorus.seqthink.policy.FetchException;
import services.chorus.seqthink.policy.FetchException.Problem;
import services.chorus.seqthink.policy.TokenVerifier;
import services.chorus.seqthink.policy.TrustedIssuer;

/**
 * A deny list as an issuer signed it; docs/protocol.md has its members.
 *
 * @param issuedAt its {@code iat}; a list that was issued before is older
 * @param hashes the unpadded base64url SHA-256 of each {@code jti}
 */
record ListedTokens(Instant issuedAt, Set<String> hashes) {

    private static final String TYPE = "revoked-tokens+jwt";
    private static final int HASH_LENGTH = Sha256.base64url(new byte[0]).length();

    static ListedTokens read(String compact, TrustedIssuer issuer, Instant now)
            throws FetchException {
        JsonNode list =
                issuer.signed(compact, TYPE)
                        .orElseThrow(() -> new FetchException(Problem.NOT_SIGNED));
        Instant issuedAt = instant(list.path("iat"));
        Instant until = instant(list.path("exp"));
        if (!issuer.name().equals(list.path("iss").textValue())) {
            throw new FetchException(Problem.NO_LIST);
        }
        Duration leeway = TokenVerifier.LEEWAY;
        if (issuedAt.isAfter(now.plus(leeway)) || !now.isBefore(until.plus(leeway))) {
            throw new FetchException(Problem.NOT_CURRENT);
        }
        return new ListedTokens(issuedAt, hashes(list.path("sha256")));
    }

    boolean contains(String tokenId) {
        return hashes.contains(Sha256.base64url(tokenId.getBytes(UTF_8)));
    }

    private static Instant instant(JsonNode date) throws FetchException {
        return NumericDate.read(date).orElseThrow(() -> new FetchException(Problem.NO_LIST));
    }

    private static Set<String> hashes(JsonNode array) throws FetchException {
        if (!array.isArray()) {
            throw new FetchException(Problem.NO_LIST);
        }
        Set<String> hashes = HashSet.newHashSet(array.size());
        for (JsonNode hash : array) {
            if (!hash.isTextual() || hash.textValue().length() != HASH_LENGTH) {
                throw new FetchException(Problem.NO_LIST);
            }
            hashes.add(hash.textValue());
        }
        return hashes;
    }
}

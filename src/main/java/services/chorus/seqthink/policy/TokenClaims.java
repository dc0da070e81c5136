package services.chorus.seqthink.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import services.chorus.seqthink.json.StrictBase64;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.policy.Caller.Kind;
import services.chorus.seqthink.policy.Reason.Refusal;

/** Validates the claims of a token, whether a signature or an issuer's answer confirms them. */
public final class TokenClaims {

    private static final List<String> SCOPE_CLAIMS = List.of("scope", "scp", "scopes");
    private static final Pattern SPACES = Pattern.compile(" +");
    private static final int THUMBPRINT_BYTES = 32;

    private TokenClaims() {}

    /**
     * Validates claims (RFC 7519 section 4, RFC 7662 section 2.2) from a trusted source.
     *
     * @param issuer the issuer of the caller
     * @param hash unpadded base64url SHA-256 of the token
     * @return accepted or refused
     */
    public static Verdict judge(ObjectNode claims, String issuer, String hash, Instant now) {
        try {
            return new Verdict.Accepted(read(of(claims), issuer, hash, now));
        } catch (Refusal refusal) {
            return new Verdict.Refused(refusal.reason());
        }
    }

    static Claims<Refusal> of(ObjectNode object) {
        return new Claims<>(object, Reason.MALFORMED::refusal);
    }

    static AccessToken read(Claims<Refusal> claims, String issuer, String hash, Instant now)
            throws Refusal {
        return new AccessToken(
                caller(claims, issuer),
                scopes(claims),
                expiry(claims, now),
                claims.text("jti"),
                claims.text("age_recipient"),
                boundTo(claims.object().path("cnf")),
                hash);
    }

    /** An empty {@code sub} is the issuer's mistake, not a reason to use {@code client_id}. */
    private static Caller caller(Claims<Refusal> claims, String issuer) throws Refusal {
        Optional<String> subject = claims.text("sub");
        Optional<String> name = subject.isPresent() ? subject : claims.text("client_id");
        if (name.isEmpty() || name.get().isEmpty()) {
            throw Reason.NO_CALLER.refusal();
        }
        return new Caller(issuer, subject.isPresent() ? Kind.SUBJECT : Kind.CLIENT, name.get());
    }

    /** The union of the scope claims, each an array or one string; empty when there is none. */
    private static Set<String> scopes(Claims<Refusal> claims) throws Refusal {
        Set<String> scopes = new LinkedHashSet<>();
        for (String claim : SCOPE_CLAIMS) {
            Stream<String> texts = claims.texts(claim).stream();
            boolean array = claims.object().path(claim).isArray();
            scopes.addAll((array ? texts : texts.flatMap(TokenClaims::words)).toList());
        }
        if (!scopes.stream().allMatch(AccessToken::isScope)) {
            throw Reason.MALFORMED.refusal();
        }
        return scopes;
    }

    private static Stream<String> words(String text) {
        return SPACES.splitAsStream(text).filter(word -> !word.isEmpty());
    }

    /** Rejects a token that has expired, or is not yet valid or issued. */
    private static Instant expiry(Claims<Refusal> claims, Instant now) throws Refusal {
        Instant expiresAt = claims.instant("exp").orElseThrow(Reason.NO_EXPIRY::refusal);
        if (!now.isBefore(expiresAt.plus(TokenVerifier.LEEWAY))) {
            throw Reason.EXPIRED.refusal();
        }
        for (String begin : List.of("nbf", "iat")) {
            Optional<Instant> from = claims.instant(begin);
            if (from.isPresent() && now.plus(TokenVerifier.LEEWAY).isBefore(from.get())) {
                throw Reason.NOT_YET_VALID.refusal();
            }
        }
        return expiresAt;
    }

    /**
     * The {@code jkt} of a {@code cnf} (RFC 7800 section 3.1, RFC 9449 section 6.1); empty for an
     * unbound token. Any other {@code cnf} requires a check that is not implemented, so the token
     * is rejected.
     */
    private static Optional<String> boundTo(JsonNode cnf) throws Refusal {
        if (cnf.isMissingNode()) {
            return Optional.empty();
        }
        // a second member would require a second check
        if (!StrictJson.hasExactly(cnf, Set.of("jkt"))) {
            throw Reason.UNKNOWN_CONFIRMATION.refusal();
        }
        byte[] thumbprint =
                StrictBase64.decode(cnf.get("jkt"))
                        .filter(bytes -> bytes.length == THUMBPRINT_BYTES)
                        .orElseThrow(Reason.UNKNOWN_CONFIRMATION::refusal);
        return Optional.of(StrictBase64.encode(thumbprint));
    }
}

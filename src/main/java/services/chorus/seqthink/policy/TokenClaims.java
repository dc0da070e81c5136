package services.chorus.seqthink.policy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Optional;
import services.chorus.seqthink.policy.Caller.Kind;

/**
 * What the claims of a token say, whoever vouches for them: a signature, or who was asked. All that
 * is to be read of any token is read here.
 */
public final class TokenClaims {

    private TokenClaims() {}

    /**
     * Judges claims (RFC 7519 section 4, RFC 7662 section 2.2) that somebody trusted vouches for.
     *
     * @param issuer under which issuer the caller is known
     * @param hash unpadded base64url SHA-256 of the token
     * @return accepted or refused
     */
    public static Verdict judge(ObjectNode claims, String issuer, String hash, Instant now) {
        try {
            return new Verdict.Accepted(read(new Claims(claims), issuer, hash, now));
        } catch (Refusal refusal) {
            return new Verdict.Refused(refusal.reason());
        }
    }

    static AccessToken read(Claims claims, String issuer, String hash, Instant now) throws Refusal {
        return new AccessToken(
                caller(claims, issuer),
                Scopes.of(claims),
                expiry(claims, now),
                claims.text("jti"),
                claims.text("age_recipient"),
                boundTo(claims),
                hash);
    }

    /** When the token ends; refused when that is past, or its time has not come. */
    private static Instant expiry(Claims claims, Instant now) throws Refusal {
        Instant expiresAt = claims.instant("exp").orElseThrow(() -> new Refusal(Reason.NO_EXPIRY));
        if (!now.isBefore(expiresAt.plus(TokenVerifier.LEEWAY))) {
            throw new Refusal(Reason.EXPIRED);
        }
        Optional<Instant> notBefore = claims.instant("nbf");
        if (notBefore.isPresent() && now.plus(TokenVerifier.LEEWAY).isBefore(notBefore.get())) {
            throw new Refusal(Reason.NOT_YET_VALID);
        }
        return expiresAt;
    }

    private static Optional<String> boundTo(Claims claims) throws Refusal {
        return switch (Confirmation.of(claims.node("cnf"))) {
            case Confirmation.Bearer() -> Optional.empty();
            case Confirmation.Key(String thumbprint) -> Optional.of(thumbprint);
            case Confirmation.Unknown() -> throw new Refusal(Reason.UNKNOWN_CONFIRMATION);
        };
    }

    /** An empty {@code sub} is a fault of the issuer's, not a reason to look further. */
    private static Caller caller(Claims claims, String issuer) throws Refusal {
        Optional<String> subject = claims.text("sub");
        Optional<String> name = subject.isPresent() ? subject : claims.text("client_id");
        if (name.isEmpty() || name.get().isEmpty()) {
            throw new Refusal(Reason.NO_CALLER);
        }
        return new Caller(issuer, subject.isPresent() ? Kind.SUBJECT : Kind.CLIENT, name.get());
    }
}

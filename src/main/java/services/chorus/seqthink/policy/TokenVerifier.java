package services.chorus.seqthink.policy;

import static java.util.stream.Collectors.toUnmodifiableMap;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Map;
import java.util.function.Function;
import services.chorus.seqthink.hash.Sha256;
import services.chorus.seqthink.json.CompactJws;
import services.chorus.seqthink.policy.Reason.Refusal;

/**
 * Verifies access tokens: signed JWTs (RFC 7519) under the rules of RFC 8725.
 *
 * <p>The token's {@code iss} selects one issuer, and only that issuer's keys, algorithms and
 * audience count. Claims are validated before the signature, so that a token which is rejected in
 * any case costs no fetch of keys; nothing trusts them before the signature is verified. The key is
 * chosen by {@code kid} alone: {@code jku}, {@code jwk} and the {@code x5} headers are ignored.
 *
 * <p>A good signature is not verified again for a minute, as long as its key is in use; everything
 * else about a token is checked each time.
 *
 * <p>Safe for use by several threads.
 */
public final class TokenVerifier implements AutoCloseable {

    /** How far this service's clock and an issuer's may differ. */
    public static final Duration LEEWAY = Duration.ofSeconds(30);

    private final Map<String, TrustedIssuer> issuers;
    private final InstantSource clock;
    private final VerifiedSignatures signatures = new VerifiedSignatures();

    /**
     * @throws IllegalStateException when an issuer is named twice
     */
    public TokenVerifier(Collection<TrustedIssuer> issuers, InstantSource clock) {
        this.issuers =
                issuers.stream()
                        .collect(toUnmodifiableMap(TrustedIssuer::name, Function.identity()));
        this.clock = clock;
    }

    /**
     * Verifies a compact JWS (RFC 7515 section 7.1). Returns at once for a token whose key is
     * known. A token with an unknown key may block for 5 s while keys are fetched, for up to 128
     * callers of each issuer: call it on a virtual thread.
     */
    public Verdict verify(String compactToken) {
        try {
            return judged(compactToken);
        } catch (Refusal refusal) {
            return new Verdict.Refused(refusal.reason());
        }
    }

    /** Whether a text claims to be a JWS of a trusted issuer, so that only this may verify it. */
    public boolean knows(String token) {
        return CompactJws.payloadOf(token)
                .map(claims -> claims.path("iss").textValue())
                .filter(issuers::containsKey)
                .isPresent();
    }

    /** Whether tokens of every issuer can be verified now. */
    public boolean ready() {
        return issuers.values().stream().allMatch(issuer -> issuer.keys().ready());
    }

    /** How many signatures were verified with a key and not found in the cache. */
    public long signatureChecks() {
        return signatures.checks();
    }

    /** Stops fetching keys. */
    @Override
    public void close() {
        issuers.values().forEach(issuer -> issuer.keys().close());
    }

    private Verdict judged(String compactToken) throws Refusal {
        UnverifiedToken token = UnverifiedToken.parse(compactToken);
        TrustedIssuer issuer = issuer(token.claims());
        checkAudience(token.claims(), issuer);
        if (!issuer.settings().algorithms().contains(token.algorithm())) {
            throw Reason.ALGORITHM_NOT_ALLOWED.refusal();
        }
        AccessToken claimed =
                TokenClaims.read(
                        token.claims(),
                        issuer.name(),
                        Sha256.base64url(compactToken),
                        clock.instant());
        return switch (issuer.keys().find(token.keyId(), token.algorithm())) {
            case KeyLookup.Found(VerificationKey key) -> {
                if (!signatures.verifies(token, claimed.hash(), key)) {
                    throw Reason.BAD_SIGNATURE.refusal();
                }
                yield new Verdict.Accepted(claimed);
            }
            case KeyLookup.WrongAlgorithm() -> throw Reason.ALGORITHM_NOT_ALLOWED.refusal();
            case KeyLookup.Unknown() -> throw Reason.UNKNOWN_KEY.refusal();
            case KeyLookup.Unavailable() -> new Verdict.KeysUnavailable();
        };
    }

    private TrustedIssuer issuer(Claims<Refusal> claims) throws Refusal {
        return claims.text("iss").map(issuers::get).orElseThrow(Reason.WRONG_ISSUER::refusal);
    }

    private static void checkAudience(Claims<Refusal> claims, TrustedIssuer issuer) throws Refusal {
        if (!claims.texts("aud").contains(issuer.settings().audience())) {
            throw Reason.WRONG_AUDIENCE.refusal();
        }
    }
}

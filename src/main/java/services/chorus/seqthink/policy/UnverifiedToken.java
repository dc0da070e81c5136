package services.chorus.seqthink.policy;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import services.chorus.seqthink.json.CompactJws;
import services.chorus.seqthink.policy.Reason.Refusal;

/** A well-formed token whose claims and signature are not yet checked. */
record UnverifiedToken(
        SignatureAlgorithm algorithm,
        Optional<String> keyId,
        Claims<Refusal> claims,
        CompactJws jws) {

    private static final int LONGEST = 16 * 1024;
    private static final Set<String> TYPES =
            Set.of("jwt", "at+jwt", "application/jwt", "application/at+jwt");

    static UnverifiedToken parse(String compact) throws Refusal {
        if (compact.length() > LONGEST) {
            throw Reason.MALFORMED.refusal();
        }
        return parse(compact, UnverifiedToken::isAccessToken);
    }

    /** Reads a JWS of another {@code typ} (RFC 8725 section 3.11) and of any length. */
    static UnverifiedToken parse(String compact, String type) throws Refusal {
        return parse(compact, typ -> typ.equals(Optional.of(type)));
    }

    private static UnverifiedToken parse(String compact, Predicate<Optional<String>> ofType)
            throws Refusal {
        if (compact.chars().filter(c -> c == '.').count() == 4) {
            throw Reason.UNSUPPORTED_TOKEN.refusal(); // JWE: RFC 7516 section 9
        }
        CompactJws jws = CompactJws.parse(compact).orElseThrow(Reason.MALFORMED::refusal);
        Claims<Refusal> header = TokenClaims.of(jws.header());
        // no extension is supported
        if (!ofType.test(header.text("typ")) || jws.isExtended()) {
            throw Reason.UNSUPPORTED_TOKEN.refusal();
        }
        return new UnverifiedToken(
                algorithm(header), header.text("kid"), TokenClaims.of(jws.payload()), jws);
    }

    boolean isSignedBy(VerificationKey key) {
        return algorithm.verifies(jws.signedBytes(), jws.signature(), key.key());
    }

    /**
     * Accepts a token without {@code typ}: RFC 7519 section 5.1 makes it optional, and issuers in
     * wide use leave it out. JWTs for other purposes (logout tokens, DPoP proofs) have a {@code
     * typ} of their own.
     */
    private static boolean isAccessToken(Optional<String> type) {
        return type.isEmpty() || TYPES.contains(type.get().toLowerCase(Locale.ROOT));
    }

    private static SignatureAlgorithm algorithm(Claims<Refusal> header) throws Refusal {
        String name = header.text("alg").orElseThrow(Reason.MALFORMED::refusal);
        return SignatureAlgorithm.named(name).orElseThrow(Reason.ALGORITHM_NOT_ALLOWED::refusal);
    }
}

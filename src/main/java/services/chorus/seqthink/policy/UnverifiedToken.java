package services.chorus.seqthink.policy;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import services.chorus.seqthink.json.StrictBase64;
import services.chorus.seqthink.json.StrictJson;

/**
 * The parts of a compact JWS (RFC 7515 section 7.1), read once and not yet believed.
 *
 * @param algorithm the header's {@code alg}
 * @param keyId the header's {@code kid}
 * @param claims the payload
 * @param signedBytes what the signature covers
 * @param signature the signature
 */
record UnverifiedToken(
        SignatureAlgorithm algorithm,
        Optional<String> keyId,
        Claims claims,
        byte[] signedBytes,
        byte[] signature) {

    private static final int LONGEST = 16 * 1024;
    private static final Set<String> TYPES =
            Set.of("jwt", "at+jwt", "application/jwt", "application/at+jwt");

    /** Reads an access token. */
    static UnverifiedToken parse(String compact) throws Refusal {
        if (compact.length() > LONGEST) {
            throw new Refusal(Reason.MALFORMED);
        }
        return parse(compact, UnverifiedToken::isAccessToken);
    }

    /** Reads what is of a {@code typ} of its own (RFC 8725 section 3.11), however long. */
    static UnverifiedToken parse(String compact, String type) throws Refusal {
        return parse(compact, typ -> typ.equals(Optional.of(type)));
    }

    private static UnverifiedToken parse(String compact, Predicate<Optional<String>> ofType)
            throws Refusal {
        String[] parts = compact.split("\\.", -1);
        if (parts.length == 5) {
            throw new Refusal(Reason.UNSUPPORTED_TOKEN); // JWE: RFC 7516 section 9
        }
        if (parts.length != 3) {
            throw new Refusal(Reason.MALFORMED);
        }
        Claims header = object(parts[0]);
        checkKind(header, ofType);
        return new UnverifiedToken(
                algorithm(header),
                header.text("kid"),
                object(parts[1]),
                compact.substring(0, compact.lastIndexOf('.')).getBytes(StandardCharsets.US_ASCII),
                decoded(parts[2]));
    }

    boolean isSignedBy(VerificationKey key) {
        return algorithm.verifies(signedBytes, signature, key.key());
    }

    /**
     * A token without {@code typ} passes: RFC 7519 section 5.1 makes it optional, issuers in wide
     * use leave it out, and it says no less than {@code JWT} does. Tokens of another kind (logout,
     * DPoP proofs) name it and are refused.
     */
    private static boolean isAccessToken(Optional<String> type) {
        return type.isEmpty() || TYPES.contains(type.get().toLowerCase(Locale.ROOT));
    }

    private static void checkKind(Claims header, Predicate<Optional<String>> ofType)
            throws Refusal {
        if (!ofType.test(header.text("typ"))) {
            throw new Refusal(Reason.UNSUPPORTED_TOKEN);
        }
        // RFC 7515 section 4.1.11: no extension is understood here, b64 (RFC 7797) included
        if (header.object().has("crit") || header.object().has("b64")) {
            throw new Refusal(Reason.UNSUPPORTED_TOKEN);
        }
    }

    private static SignatureAlgorithm algorithm(Claims header) throws Refusal {
        String name = header.text("alg").orElseThrow(() -> new Refusal(Reason.MALFORMED));
        return SignatureAlgorithm.named(name)
                .orElseThrow(() -> new Refusal(Reason.ALGORITHM_NOT_ALLOWED));
    }

    private static Claims object(String part) throws Refusal {
        return StrictJson.parseObject(decoded(part))
                .map(Claims::new)
                .orElseThrow(() -> new Refusal(Reason.MALFORMED));
    }

    private static byte[] decoded(String part) throws Refusal {
        return StrictBase64.decode(part).orElseThrow(() -> new Refusal(Reason.MALFORMED));
    }
}

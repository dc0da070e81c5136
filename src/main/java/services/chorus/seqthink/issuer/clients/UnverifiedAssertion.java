package services.chorus.seqthink.issuer.clients;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import services.chorus.seqthink.json.CompactJws;
import services.chorus.seqthink.policy.SignatureAlgorithm;
import services.chorus.seqthink.policy.VerificationKey;

/**
 * A client's assertion of the form it must have, and not yet believed.
 *
 * @param algorithm the header's {@code alg}
 * @param keyId the header's {@code kid}
 */
record UnverifiedAssertion(
        SignatureAlgorithm algorithm,
        Optional<String> keyId,
        AssertionClaims claims,
        CompactJws jws) {

    private static final int LONGEST = 8 * 1024;
    // RFC 7523 has none of its own; the second is of its revision
    private static final Set<String> TYPES = Set.of("jwt", "client-authentication+jwt");

    /** Reads an assertion; empty when it is anything else. */
    static Optional<UnverifiedAssertion> parse(byte[] compact) {
        if (compact.length > LONGEST) {
            return Optional.empty();
        }
        // every byte stays what it is, so that what is not ASCII is not base64url either
        return CompactJws.parse(new String(compact, ISO_8859_1))
                .filter(UnverifiedAssertion::isOfThisKind)
                .flatMap(UnverifiedAssertion::of);
    }

    boolean isSignedBy(VerificationKey key) {
        return algorithm.verifies(jws.signedBytes(), jws.signature(), key.key());
    }

    /** Makes it an assertion that nobody signed. */
    void wipe() {
        jws.wipe();
    }

    private static Optional<UnverifiedAssertion> of(CompactJws jws) {
        Optional<String> keyId = Optional.ofNullable(jws.header().path("kid").textValue());
        return Optional.ofNullable(jws.header().path("alg").textValue())
                .flatMap(SignatureAlgorithm::named)
                .flatMap(
                        algorithm ->
                                AssertionClaims.of(jws.payload())
                                        .map(
                                                claims ->
                                                        new UnverifiedAssertion(
                                                                algorithm, keyId, claims, jws)));
    }

    private static boolean isOfThisKind(CompactJws jws) {
        ObjectNode header = jws.header();
        return (!header.has("typ")
                        || TYPES.contains(header.path("typ").asText().toLowerCase(Locale.ROOT)))
                && (!header.has("kid") || header.path("kid").isTextual())
                // no extension is understood here
                && !jws.isExtended();
    }
}

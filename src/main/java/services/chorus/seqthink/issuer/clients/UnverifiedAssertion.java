package services.chorus.seqthink.issuer.clients;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import services.chorus.seqthink.json.StrictBase64;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.policy.SignatureAlgorithm;
import services.chorus.seqthink.policy.VerificationKey;

/**
 * The parts of a client's assertion, each of the form it must have, and not yet believed.
 *
 * @param algorithm the header's {@code alg}
 * @param keyId the header's {@code kid}
 * @param signedBytes what the signature covers
 */
record UnverifiedAssertion(
        SignatureAlgorithm algorithm,
        Optional<String> keyId,
        AssertionClaims claims,
        byte[] signedBytes,
        byte[] signature) {

    private static final int LONGEST = 8 * 1024;
    // RFC 7523 has none of its own; the second is of its revision
    private static final Set<String> TYPES = Set.of("jwt", "client-authentication+jwt");

    /** Reads a compact JWS (RFC 7515 section 7.1); empty when it is anything else. */
    static Optional<UnverifiedAssertion> parse(byte[] compact) {
        // every byte stays what it is, so that what is not ASCII is not base64url either
        String text = new String(compact, ISO_8859_1);
        String[] parts = text.split("\\.", -1);
        if (compact.length > LONGEST || parts.length != 3) {
            return Optional.empty();
        }
        byte[] signedBytes = text.substring(0, text.lastIndexOf('.')).getBytes(US_ASCII);
        return object(parts[0])
                .filter(UnverifiedAssertion::isOfThisKind)
                .flatMap(
                        header ->
                                of(
                                        header,
                                        object(parts[1]).flatMap(AssertionClaims::of),
                                        signedBytes,
                                        StrictBase64.decode(parts[2])));
    }

    boolean isSignedBy(VerificationKey key) {
        return algorithm.verifies(signedBytes, signature, key.key());
    }

    /** Makes it an assertion that nobody signed. */
    void wipe() {
        Arrays.fill(signedBytes, (byte) 0);
        Arrays.fill(signature, (byte) 0);
    }

    private static Optional<UnverifiedAssertion> of(
            ObjectNode header,
            Optional<AssertionClaims> claims,
            byte[] signedBytes,
            Optional<byte[]> signature) {
        Optional<SignatureAlgorithm> algorithm =
                Optional.ofNullable(header.path("alg").textValue())
                        .flatMap(SignatureAlgorithm::named);
        if (algorithm.isEmpty() || claims.isEmpty() || signature.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new UnverifiedAssertion(
                        algorithm.get(),
                        Optional.ofNullable(header.path("kid").textValue()),
                        claims.get(),
                        signedBytes,
                        signature.get()));
    }

    private static boolean isOfThisKind(ObjectNode header) {
        return (!header.has("typ")
                        || TYPES.contains(header.path("typ").asText().toLowerCase(Locale.ROOT)))
                && (!header.has("kid") || header.path("kid").isTextual())
                // RFC 7515 section 4.1.11: no extension is understood here, b64 (RFC 7797) included
                && !header.has("crit")
                && !header.has("b64");
    }

    private static Optional<ObjectNode> object(String part) {
        return StrictBase64.decode(part).flatMap(StrictJson::parseObject);
    }
}

package services.chorus.seqthink.issuer.clients;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import services.chorus.seqthink.json.CompactJws;
import services.chorus.seqthink.json.NumericDate;
import services.chorus.seqthink.policy.SignatureAlgorithm;
import services.chorus.seqthink.policy.VerificationKey;

/**
 * A client's assertion ({@code private_key_jwt}, RFC 7523) of the form it must have, and not yet
 * believed.
 *
 * @param endpoint the URL that was asked, which may be the assertion's {@code aud}
 * @param algorithm the header's {@code alg}
 * @param keyId the header's {@code kid}
 */
public record ClientAssertion(
        String endpoint,
        SignatureAlgorithm algorithm,
        Optional<String> keyId,
        Claims claims,
        CompactJws jws)
        implements ClientCredentials {

    private static final int LONGEST = 8 * 1024;
    private static final int LONGEST_ID = 256;
    // RFC 7523 has none of its own; the second is of its revision
    private static final Set<String> TYPES = Set.of("jwt", "client-authentication+jwt");

    /**
     * Reads a JWT; empty when it is none, or lacks what it must have.
     *
     * @param compact ASCII; it stays the caller's
     * @param endpoint the URL that is asked
     */
    public static Optional<ClientCredentials> read(byte[] compact, String endpoint) {
        if (compact.length > LONGEST) {
            return Optional.empty();
        }
        // every byte stays what it is, so that what is not ASCII is not base64url either
        return CompactJws.parse(new String(compact, ISO_8859_1))
                .filter(jws -> isOfThisKind(jws) && Claims.areWhole(jws.payload()))
                .flatMap(jws -> of(jws, endpoint));
    }

    private static Optional<ClientCredentials> of(CompactJws jws, String endpoint) {
        return Optional.ofNullable(jws.header().path("alg").textValue())
                .flatMap(SignatureAlgorithm::named)
                .map(
                        algorithm ->
                                new ClientAssertion(
                                        endpoint,
                                        algorithm,
                                        text(jws.header(), "kid"),
                                        Claims.of(jws.payload()),
                                        jws));
    }

    private static boolean isOfThisKind(CompactJws jws) {
        ObjectNode header = jws.header();
        return (!header.has("typ")
                        || TYPES.contains(header.path("typ").asText().toLowerCase(Locale.ROOT)))
                && (!header.has("kid") || header.path("kid").isTextual())
                // no extension is understood here
                && !jws.isExtended();
    }

    /** Its {@code sub}. */
    @Override
    public String clientId() {
        return claims.subject();
    }

    boolean isSignedBy(VerificationKey key) {
        return algorithm.verifies(jws.signedBytes(), jws.signature(), key.key());
    }

    /** Makes it an assertion that nobody signed. */
    @Override
    public void close() {
        jws.wipe();
    }

    @Override
    public String toString() {
        return "ClientAssertion[hidden]";
    }

    private static Optional<String> text(ObjectNode object, String name) {
        return Optional.ofNullable(object.path(name).textValue());
    }

    /**
     * What an assertion says (RFC 7523 section 3).
     *
     * @param issuer {@code iss}
     * @param subject {@code sub}
     * @param audience the one value of {@code aud}
     * @param expiresAt {@code exp}, in whole seconds
     * @param notBefore {@code nbf}
     * @param issuedAt {@code iat}
     * @param id {@code jti}
     * @param ageRecipient {@code age_recipient}: whom replies to the token asked for are sealed to
     */
    record Claims(
            String issuer,
            String subject,
            String audience,
            Instant expiresAt,
            Optional<Instant> notBefore,
            Optional<Instant> issuedAt,
            String id,
            Optional<String> ageRecipient) {

        /** Whether all that must be there is, and all that is there is of its type. */
        private static boolean areWhole(ObjectNode claims) {
            int idLength = claims.path("jti").asText().length();
            return claims.path("iss").isTextual()
                    && claims.path("sub").isTextual()
                    && audience(claims).isTextual()
                    && claims.path("jti").isTextual()
                    && idLength > 0
                    && idLength <= LONGEST_ID
                    && NumericDate.read(claims.path("exp")).isPresent()
                    && isDateOrMissing(claims.path("nbf"))
                    && isDateOrMissing(claims.path("iat"))
                    && (!claims.has("age_recipient") || claims.path("age_recipient").isTextual());
        }

        private static Claims of(ObjectNode whole) {
            return new Claims(
                    whole.path("iss").textValue(),
                    whole.path("sub").textValue(),
                    audience(whole).textValue(),
                    NumericDate.read(whole.path("exp")).orElseThrow(),
                    NumericDate.read(whole.path("nbf")),
                    NumericDate.read(whole.path("iat")),
                    whole.path("jti").textValue(),
                    text(whole, "age_recipient"));
        }

        private static JsonNode audience(ObjectNode claims) {
            JsonNode audience = claims.path("aud");
            return audience.isArray() && audience.size() == 1 ? audience.get(0) : audience;
        }

        private static boolean isDateOrMissing(JsonNode date) {
            return date.isMissingNode() || NumericDate.read(date).isPresent();
        }
    }
}

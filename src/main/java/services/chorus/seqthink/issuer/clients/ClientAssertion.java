package services.chorus.seqthink.issuer.clients;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import services.chorus.seqthink.json.CompactJws;
import services.chorus.seqthink.json.NumericDate;
import services.chorus.seqthink.policy.SignatureAlgorithm;
import services.chorus.seqthink.policy.VerificationKey;

/**
 * A client's assertion ({@code private_key_jwt}, RFC 7523), well-formed and not yet verified.
 *
 * @param endpoint the URL of the request, one of the two values that {@code aud} may have
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
     * Reads a JWT; empty when it is malformed, or a mandatory claim is missing.
     *
     * @param compact ASCII; not wiped here
     * @param endpoint the URL of the request
     */
    public static Optional<ClientCredentials> read(byte[] compact, String endpoint) {
        if (compact.length > LONGEST) {
            return Optional.empty();
        }
        // ISO 8859-1 maps each byte to one character, so bytes beyond ASCII are no base64url
        return CompactJws.parse(new String(compact, ISO_8859_1))
                .filter(jws -> isOfThisKind(jws.header()) && !jws.isExtended())
                .filter(jws -> Claims.areValid(jws.payload()))
                .flatMap(
                        jws ->
                                text(jws.header(), "alg")
                                        .flatMap(SignatureAlgorithm::named)
                                        .map(algorithm -> of(jws, algorithm, endpoint)));
    }

    private static ClientAssertion of(
            CompactJws jws, SignatureAlgorithm algorithm, String endpoint) {
        return new ClientAssertion(
                endpoint, algorithm, text(jws.header(), "kid"), Claims.of(jws.payload()), jws);
    }

    private static boolean isOfThisKind(ObjectNode header) {
        return (!header.has("typ")
                        || TYPES.contains(header.path("typ").asText().toLowerCase(Locale.ROOT)))
                && isTextOrMissing(header.path("kid"));
    }

    /** Its {@code sub}. */
    @Override
    public String clientId() {
        return claims.subject();
    }

    boolean isSignedBy(VerificationKey key) {
        return algorithm.verifies(jws.signedBytes(), jws.signature(), key.key());
    }

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

    private static boolean isTextOrMissing(JsonNode node) {
        return node.isMissingNode() || node.isTextual();
    }

    /**
     * The claims (RFC 7523 section 3).
     *
     * @param audience the only value of {@code aud}
     * @param expiresAt {@code exp}, in whole seconds
     * @param ageRecipient the requested recipient of replies; any text
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

        private static boolean areValid(ObjectNode claims) {
            int idLength = claims.path("jti").asText().length();
            return Stream.of("iss", "sub", "jti").allMatch(name -> claims.path(name).isTextual())
                    && audience(claims).isTextual()
                    && idLength > 0
                    && idLength <= LONGEST_ID
                    && claims.has("exp")
                    && Stream.of("exp", "nbf", "iat")
                            .filter(claims::has)
                            .allMatch(name -> NumericDate.read(claims.path(name)).isPresent())
                    && isTextOrMissing(claims.path("age_recipient"));
        }

        private static Claims of(ObjectNode valid) {
            return new Claims(
                    valid.path("iss").textValue(),
                    valid.path("sub").textValue(),
                    audience(valid).textValue(),
                    NumericDate.read(valid.path("exp")).orElseThrow(),
                    NumericDate.read(valid.path("nbf")),
                    NumericDate.read(valid.path("iat")),
                    valid.path("jti").textValue(),
                    text(valid, "age_recipient"));
        }

        private static JsonNode audience(ObjectNode claims) {
            JsonNode audience = claims.path("aud");
            return audience.isArray() && audience.size() == 1 ? audience.get(0) : audience;
        }
    }
}

package services.chorus.seqthink.issuer.clients;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Optional;
import services.chorus.seqthink.json.NumericDate;

/**
 * What an assertion says (RFC 7523 section 3), each member of the type it must have.
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
record AssertionClaims(
        String issuer,
        String subject,
        String audience,
        Instant expiresAt,
        Optional<Instant> notBefore,
        Optional<Instant> issuedAt,
        String id,
        Optional<String> ageRecipient) {

    private static final int LONGEST_ID = 256;

    /** Empty when one that must be there is missing, or one that is there is of another type. */
    static Optional<AssertionClaims> of(ObjectNode claims) {
        try {
            return Optional.of(
                    new AssertionClaims(
                            text(claims.path("iss")),
                            text(claims.path("sub")),
                            only(claims.path("aud")),
                            instant(claims.path("exp")),
                            optionalInstant(claims.path("nbf")),
                            optionalInstant(claims.path("iat")),
                            id(claims.path("jti")),
                            claims.has("age_recipient")
                                    ? Optional.of(text(claims.path("age_recipient")))
                                    : Optional.empty()));
        } catch (MalformedException e) {
            return Optional.empty();
        }
    }

    private static String only(JsonNode audience) throws MalformedException {
        return text(audience.isArray() && audience.size() == 1 ? audience.get(0) : audience);
    }

    private static String id(JsonNode node) throws MalformedException {
        String id = text(node);
        if (id.isEmpty() || id.length() > LONGEST_ID) {
            throw new MalformedException();
        }
        return id;
    }

    private static Optional<Instant> optionalInstant(JsonNode date) throws MalformedException {
        return date.isMissingNode() ? Optional.empty() : Optional.of(instant(date));
    }

    private static Instant instant(JsonNode date) throws MalformedException {
        return NumericDate.read(date).orElseThrow(MalformedException::new);
    }

    private static String text(JsonNode node) throws MalformedException {
        if (!node.isTextual()) {
            throw new MalformedException();
        }
        return node.textValue();
    }

    private static final class MalformedException extends Exception {

        MalformedException() {
            super(null, null, false, false);
        }
    }
}

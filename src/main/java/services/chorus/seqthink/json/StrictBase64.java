package services.chorus.seqthink.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Base64;
import java.util.Optional;

/**
 * Unpadded base64url that can be written in one way only (RFC 4648 section 3.5): of the texts that
 * a lenient reader would take for the same bytes, all but one are refused.
 */
public final class StrictBase64 {

    private StrictBase64() {}

    public static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** The bytes of a text; empty when it is not their one form. */
    public static Optional<byte[]> decode(String text) {
        try {
            return Optional.of(Base64.getUrlDecoder().decode(text))
                    .filter(bytes -> encode(bytes).equals(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The bytes of a JSON text; empty when it is none, or not their one form. */
    public static Optional<byte[]> decode(JsonNode text) {
        return Optional.ofNullable(text.textValue()).flatMap(StrictBase64::decode);
    }
}

package services.chorus.seqthink.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Base64;
import java.util.Optional;

/** Unpadded base64url that decodes only the canonical form (RFC 4648 section 3.5). */
public final class StrictBase64 {

    private StrictBase64() {}

    public static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Decodes a text; empty when it is not canonical. */
    public static Optional<byte[]> decode(String text) {
        try {
            return Optional.of(Base64.getUrlDecoder().decode(text))
                    .filter(bytes -> encode(bytes).equals(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Decodes a JSON string; empty when the node is not a string or not canonical. */
    public static Optional<byte[]> decode(JsonNode text) {
        return Optional.ofNullable(text.textValue()).flatMap(StrictBase64::decode);
    }
}

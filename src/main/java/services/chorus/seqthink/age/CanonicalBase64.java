package services.chorus.seqthink.age;

import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/** Base64 (RFC 4648 section 4) that decodes only the canonical form (section 3.5). */
enum CanonicalBase64 {
    /** Without {@code =}, as everywhere in the header. */
    UNPADDED(Base64.getEncoder().withoutPadding()),
    /** With {@code =}, as in the armor. */
    PADDED(Base64.getEncoder());

    private final Base64.Encoder encoder;

    CanonicalBase64(Base64.Encoder encoder) {
        this.encoder = encoder;
    }

    byte[] encode(byte[] bytes) {
        return encoder.encode(bytes);
    }

    String encodeToString(byte[] bytes) {
        return encoder.encodeToString(bytes);
    }

    /** Decodes a text; empty when encoding the value does not give the same text. */
    Optional<byte[]> decode(byte[] text) {
        try {
            byte[] bytes = Base64.getDecoder().decode(text);
            return Arrays.equals(encode(bytes), text) ? Optional.of(bytes) : Optional.empty();
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }
}

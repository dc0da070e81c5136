package services.chorus.seqthink.mcp;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;

import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;

/**
 * Tells the built-in server whose history a call belongs to, in a way that only this process can:
 * {@code base64url(digest) "." base64url(HMAC-SHA256(secret, label || digest))}, unpadded.
 *
 * @param history the history it vouches for
 * @param value the tag as it stands in the header {@link Headers#CALLER}
 */
public record CallerTag(HistoryDigest history, String value) {

    private static final byte[] LABEL = "seqthink caller tag 1\0".getBytes(US_ASCII);
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
    // 43 characters carry 32 bytes.
    private static final int PART = 43;

    public CallerTag {
        requireNonNull(history, "history is null");
        requireNonNull(value, "value is null");
    }

    /** Makes the tag of a history. */
    public static CallerTag sign(HistoryDigest history, TagSecret secret) {
        byte[] digest = history.bytes();
        return new CallerTag(
                history,
                ENCODER.encodeToString(digest) + "." + ENCODER.encodeToString(mac(digest, secret)));
    }

    /**
     * Reads a header value and checks it, in constant time.
     *
     * @return empty when it is no tag, or none made under this secret
     */
    public static Optional<CallerTag> verify(String value, TagSecret secret) {
        if (value.length() != 2 * PART + 1 || value.charAt(PART) != '.') {
            return Optional.empty();
        }
        try {
            byte[] digest = Base64.getUrlDecoder().decode(value.substring(0, PART));
            CallerTag expected = sign(new HistoryDigest(digest), secret);
            // Compared as text: the last character of base64url may hide two spare bits.
            return MessageDigest.isEqual(
                            value.getBytes(US_ASCII), expected.value.getBytes(US_ASCII))
                    ? Optional.of(expected)
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Hides the tag: whoever holds it reads that history. */
    @Override
    public String toString() {
        return "CallerTag";
    }

    private static byte[] mac(byte[] digest, TagSecret secret) {
        return secret.hmac(LABEL, digest);
    }
}

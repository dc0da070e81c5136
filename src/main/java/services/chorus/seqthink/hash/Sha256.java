package services.chorus.seqthink.hash;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** SHA-256 (FIPS 180-4). */
public final class Sha256 {

    private Sha256() {}

    public static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /** The hash as unpadded base64url. */
    public static String base64url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(digest().digest(bytes));
    }

    /** The hash of an ASCII text, such as a token, as unpadded base64url. */
    public static String base64url(String ascii) {
        return base64url(ascii.getBytes(StandardCharsets.US_ASCII));
    }
}

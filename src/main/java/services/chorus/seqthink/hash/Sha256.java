package services.chorus.seqthink.hash;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** SHA-256 (FIPS 180-4). Safe for use by several threads. */
public final class Sha256 {

    private Sha256() {}

    /** A new digest, for one thread. */
    public static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /** The hash of some bytes as unpadded base64url, as the sealed protocol writes hashes. */
    public static String base64url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(digest().digest(bytes));
    }

    /** The hash of a text in ASCII, such as a token: the envelope's {@code ath}. */
    public static String base64url(String ascii) {
        return base64url(ascii.getBytes(StandardCharsets.US_ASCII));
    }
}

package services.chorus.seqthink.age;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * HKDF-SHA-256 (RFC 5869) with the one output length that age knows, and its HMAC, by one instance
 * of the JDK's. Not safe for several threads.
 */
final class Hkdf {

    static final int KEY_SIZE = 32;
    static final byte[] NO_SALT = new byte[KEY_SIZE];

    private static final String HMAC = "HmacSHA256";

    private final Mac mac;

    Hkdf() {
        try {
            this.mac = Mac.getInstance(HMAC);
        } catch (GeneralSecurityException e) {
            throw missing(e);
        }
    }

    /**
     * Derives 32 bytes, which the caller wipes.
     *
     * @param salt not empty: an empty salt is {@link #NO_SALT} (RFC 5869 section 2.2)
     */
    byte[] derive(byte[] inputKey, byte[] salt, String info) {
        byte[] pseudoRandomKey = hmac(salt, inputKey, inputKey.length);
        try {
            // 32 bytes are the first block of RFC 5869 section 2.3, T(1)
            byte[] block = (info + '\u0001').getBytes(StandardCharsets.UTF_8);
            return hmac(pseudoRandomKey, block, block.length);
        } finally {
            Arrays.fill(pseudoRandomKey, (byte) 0);
        }
    }

    /** The HMAC of the first {@code length} bytes. */
    byte[] hmac(byte[] key, byte[] text, int length) {
        try {
            mac.init(new SecretKeySpec(key, HMAC));
        } catch (GeneralSecurityException e) {
            throw missing(e);
        }
        mac.update(text, 0, length);
        return mac.doFinal();
    }

    private static IllegalStateException missing(GeneralSecurityException e) {
        return new IllegalStateException("The JDK's " + HMAC + " cannot be used", e);
    }
}

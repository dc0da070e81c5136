package services.chorus.seqthink.age;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HKDF-SHA-256 (RFC 5869) with the one output length that age knows, and its HMAC. */
final class Hkdf {

    static final int KEY_SIZE = 32;
    static final byte[] NO_SALT = new byte[KEY_SIZE];

    private static final String HMAC = "HmacSHA256";

    private Hkdf() {}

    /**
     * Derives 32 bytes, which the caller wipes.
     *
     * @param salt not empty: an empty salt is {@link #NO_SALT} (RFC 5869 section 2.2)
     */
    static byte[] derive(byte[] inputKey, byte[] salt, String info) {
        Mac mac = hmac(salt);
        byte[] pseudoRandomKey = mac.doFinal(inputKey);
        try {
            mac.init(new SecretKeySpec(pseudoRandomKey, HMAC));
            // 32 bytes are the first block of RFC 5869 section 2.3, T(1)
            mac.update(info.getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 1);
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw missing(e);
        } finally {
            Arrays.fill(pseudoRandomKey, (byte) 0);
        }
    }

    static Mac hmac(byte[] key) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            return mac;
        } catch (GeneralSecurityException e) {
            throw missing(e);
        }
    }

    private static IllegalStateException missing(GeneralSecurityException e) {
        return new IllegalStateException("The JDK's " + HMAC + " cannot be used", e);
    }
}

package services.chorus.seqthink.hash;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * HMAC-SHA-256 (RFC 2104) and the HKDF on top of it (RFC 5869), for keys of 32 bytes. Each method
 * takes its key and keeps nothing of it but what the JDK's {@link Mac} needs. Not safe for use by
 * several threads: use one instance for one piece of work.
 */
public final class Hmac {

    /** Bytes of an HMAC and of a derived key. */
    public static final int SIZE = 32;

    private static final String ALGORITHM = "HmacSHA256";

    private final Mac mac;

    /** An instance for one thread. */
    public Hmac() {
        try {
            this.mac = Mac.getInstance(ALGORITHM);
        } catch (GeneralSecurityException e) {
            throw missing(e);
        }
    }

    /**
     * The HMAC of the parts, read as one message.
     *
     * @param key not empty; stays the caller's, to wipe
     */
    public byte[] mac(byte[] key, byte[]... parts) {
        try {
            mac.init(new SecretKeySpec(key, ALGORITHM));
        } catch (GeneralSecurityException e) {
            throw missing(e);
        }
        for (byte[] part : parts) {
            mac.update(part);
        }
        return mac.doFinal();
    }

    /**
     * HKDF-Expand (RFC 5869 section 2.3) of the one block that 32 bytes need.
     *
     * @param key a uniformly random secret; stays the caller's, to wipe
     * @param info what the derived key is for
     * @return for the caller to wipe
     */
    public byte[] expand(byte[] key, String info) {
        return mac(key, info.getBytes(UTF_8), new byte[] {1});
    }

    /**
     * HKDF without salt: extracts (RFC 5869 section 2.2) and expands.
     *
     * @param secret stays the caller's, to wipe
     * @param info what the derived key is for
     * @return for the caller to wipe
     */
    public byte[] derive(byte[] secret, String info) {
        return derive(secret, new byte[SIZE], info);
    }

    /**
     * HKDF: extracts (RFC 5869 section 2.2) and expands.
     *
     * @param salt not empty
     */
    public byte[] derive(byte[] secret, byte[] salt, String info) {
        byte[] pseudoRandomKey = mac(salt, secret);
        try {
            return expand(pseudoRandomKey, info);
        } finally {
            Arrays.fill(pseudoRandomKey, (byte) 0);
        }
    }

    private static IllegalStateException missing(GeneralSecurityException e) {
        return new IllegalStateException("The JDK's " + ALGORITHM + " cannot be used", e);
    }
}

package services.chorus.seqthink.hash;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * HMAC-SHA-256 (RFC 2104) and HKDF-SHA-256 (RFC 5869) for keys of 32 bytes. Callers wipe the keys
 * they pass and the keys they receive; only the JDK's {@link Mac} keeps a copy. Not thread-safe.
 */
public final class Hmac {

    /** Bytes of an HMAC and of a derived key. */
    public static final int SIZE = 32;

    private static final String ALGORITHM = "HmacSHA256";

    private final Mac mac;

    public Hmac() {
        try {
            this.mac = Mac.getInstance(ALGORITHM);
        } catch (GeneralSecurityException e) {
            throw missing(e);
        }
    }

    /**
     * The HMAC of the concatenated parts.
     *
     * @param key not empty
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
     * HKDF-Expand (RFC 5869 section 2.3) to 32 bytes, which is one block.
     *
     * @param key a uniformly random secret
     * @param info the use of the derived key
     */
    public byte[] expand(byte[] key, String info) {
        return mac(key, info.getBytes(UTF_8), new byte[] {1});
    }

    /** HKDF without salt. */
    public byte[] derive(byte[] secret, String info) {
        return derive(secret, new byte[SIZE], info);
    }

    /**
     * HKDF (RFC 5869): extract and expand.
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

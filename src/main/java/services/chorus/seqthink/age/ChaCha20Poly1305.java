package services.chorus.seqthink.age;

import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** The AEAD of RFC 8439 under one key, by the JDK's cipher. Not safe for several threads. */
final class ChaCha20Poly1305 {

    static final int NONCE_SIZE = 12;
    static final int TAG_SIZE = 16;

    private final Cipher cipher;
    private final SecretKeySpec key;

    /** Copies the key: the caller wipes its own. */
    ChaCha20Poly1305(byte[] key) {
        this.key = new SecretKeySpec(key, "ChaCha20");
        try {
            this.cipher = Cipher.getInstance("ChaCha20-Poly1305");
        } catch (GeneralSecurityException e) {
            throw missing(e);
        }
    }

    /** Writes {@code length} bytes and the tag to {@code out}. */
    void seal(byte[] nonce, byte[] in, int from, int length, byte[] out, int at) {
        try {
            cipher.init(Cipher.ENCRYPT_MODE, key, new IvParameterSpec(nonce));
            cipher.doFinal(in, from, length, out, at);
        } catch (GeneralSecurityException e) {
            throw missing(e);
        }
    }

    /**
     * Opens {@code length} bytes, tag included. The tag is checked before anything is written.
     *
     * @return whether the tag was right
     */
    boolean open(byte[] nonce, byte[] in, int from, int length, byte[] out, int at) {
        try {
            cipher.init(Cipher.DECRYPT_MODE, key, new IvParameterSpec(nonce));
            cipher.doFinal(in, from, length, out, at);
            return true;
        } catch (AEADBadTagException wrongTag) {
            return false;
        } catch (GeneralSecurityException e) {
            throw missing(e);
        }
    }

    private static IllegalStateException missing(GeneralSecurityException e) {
        return new IllegalStateException("The JDK's ChaCha20-Poly1305 cannot be used", e);
    }
}

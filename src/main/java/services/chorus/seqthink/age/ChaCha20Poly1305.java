package services.chorus.seqthink.age;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.modes.AEADCipher;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;

/**
 * The AEAD of RFC 8439 under one key. Short texts go through Bouncy Castle, which allocates a sixth
 * as much; long ones through the JDK's cipher, which is many times faster. Not thread-safe.
 */
final class ChaCha20Poly1305 {

    static final int NONCE_SIZE = 12;
    static final int TAG_SIZE = 16;

    /** Up to this length Bouncy Castle is at most 2 µs slower: a thirtieth of one X25519. */
    static final int SHORT = 512;

    private final byte[] key;
    private Cipher longCipher;

    /** Copies the key. */
    ChaCha20Poly1305(byte[] key) {
        this.key = key.clone();
    }

    /** Writes {@code length} bytes and the tag to {@code out}. */
    void seal(byte[] nonce, byte[] in, int from, int length, byte[] out, int at) {
        if (!compute(true, nonce, in, from, length, out, at)) {
            throw new IllegalStateException("Sealing does not check a tag");
        }
    }

    /**
     * Opens {@code length} bytes, including the tag.
     *
     * @return whether the tag was right; otherwise {@code out} contains no plaintext
     */
    boolean open(byte[] nonce, byte[] in, int from, int length, byte[] out, int at) {
        return compute(false, nonce, in, from, length, out, at);
    }

    private boolean compute(
            boolean sealing, byte[] nonce, byte[] in, int from, int length, byte[] out, int at) {
        return length <= SHORT
                ? computeShort(sealing, nonce, in, from, length, out, at)
                : computeLong(sealing, nonce, in, from, length, out, at);
    }

    private boolean computeShort(
            boolean sealing, byte[] nonce, byte[] in, int from, int length, byte[] out, int at) {
        AEADCipher shortCipher = new org.bouncycastle.crypto.modes.ChaCha20Poly1305();
        shortCipher.init(sealing, new ParametersWithIV(new KeyParameter(key), nonce));
        int written = shortCipher.processBytes(in, from, length, out, at);
        try {
            shortCipher.doFinal(out, at + written);
            return true;
        } catch (InvalidCipherTextException wrongTag) {
            // Bouncy Castle writes plaintext before it checks the tag
            Arrays.fill(out, at, at + written, (byte) 0);
            return false;
        }
    }

    private boolean computeLong(
            boolean sealing, byte[] nonce, byte[] in, int from, int length, byte[] out, int at) {
        try {
            if (longCipher == null) {
                longCipher = Cipher.getInstance("ChaCha20-Poly1305");
            }
            longCipher.init(
                    sealing ? Cipher.ENCRYPT_MODE : Cipher.DECRYPT_MODE,
                    new SecretKeySpec(key, "ChaCha20"),
                    new IvParameterSpec(nonce));
            longCipher.doFinal(in, from, length, out, at);
            return true;
        } catch (AEADBadTagException wrongTag) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The JDK's ChaCha20-Poly1305 cannot be used", e);
        }
    }
}

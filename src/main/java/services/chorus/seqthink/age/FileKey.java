package services.chorus.seqthink.age;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import services.chorus.seqthink.hash.Hmac;

/**
 * The secret under a whole file (age spec, "File key"); wiped when closed. Not safe for several
 * threads.
 */
final class FileKey implements AutoCloseable {

    static final int SIZE = 16;
    static final int WRAPPED_SIZE = SIZE + ChaCha20Poly1305.TAG_SIZE;
    static final int NONCE_SIZE = 16;

    private final byte[] bytes;
    private final Hmac hmac = new Hmac();

    /** Takes the array over. */
    FileKey(byte[] bytes) {
        this.bytes = bytes;
    }

    static FileKey generate(SecureRandom random) {
        byte[] bytes = new byte[SIZE];
        random.nextBytes(bytes);
        return new FileKey(bytes);
    }

    /** Opens a stanza's body and wipes the wrap key; empty when the body is not for this key. */
    static Optional<FileKey> unwrap(byte[] wrapKey, byte[] body) {
        byte[] bytes = new byte[SIZE];
        boolean opened = wrapper(wrapKey).open(wrapNonce(), body, 0, body.length, bytes, 0);
        return opened ? Optional.of(new FileKey(bytes)) : Optional.empty();
    }

    /** Makes a stanza's body and wipes the wrap key. */
    byte[] wrap(byte[] wrapKey) {
        byte[] body = new byte[WRAPPED_SIZE];
        wrapper(wrapKey).seal(wrapNonce(), bytes, 0, SIZE, body, 0);
        return body;
    }

    /** The MAC of a header, given up to and with its {@code ---}. */
    byte[] headerMac(byte[] header) {
        byte[] key = hmac.derive(bytes, "header");
        byte[] mac = hmac.mac(key, header);
        Arrays.fill(key, (byte) 0);
        return mac;
    }

    /** The cipher of the payload that follows this nonce. */
    ChaCha20Poly1305 payloadCipher(byte[] nonce) {
        byte[] key = hmac.derive(bytes, nonce, "payload");
        ChaCha20Poly1305 cipher = new ChaCha20Poly1305(key);
        Arrays.fill(key, (byte) 0);
        return cipher;
    }

    /** The key itself, not a copy. */
    byte[] bytes() {
        return bytes;
    }

    @Override
    public void close() {
        Arrays.fill(bytes, (byte) 0);
    }

    @Override
    public String toString() {
        return "FileKey[hidden]";
    }

    private static ChaCha20Poly1305 wrapper(byte[] wrapKey) {
        ChaCha20Poly1305 cipher = new ChaCha20Poly1305(wrapKey);
        Arrays.fill(wrapKey, (byte) 0);
        return cipher;
    }

    /** Zero: every wrap key serves once (age spec, "X25519 recipient stanza"). */
    private static byte[] wrapNonce() {
        return new byte[ChaCha20Poly1305.NONCE_SIZE];
    }
}

package services.chorus.seqthink.age;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import services.chorus.seqthink.hash.Hmac;

/** The secret key of one file (age spec, "File key"); wiped when closed. Not thread-safe. */
final class FileKey implements AutoCloseable {

    static final int SIZE = 16;
    static final int WRAPPED_SIZE = SIZE + ChaCha20Poly1305.TAG_SIZE;
    static final int NONCE_SIZE = 16;

    private final byte[] bytes;
    private final Hmac hmac = new Hmac();

    /** Takes ownership of the array. */
    FileKey(byte[] bytes) {
        this.bytes = bytes;
    }

    static FileKey generate(SecureRandom random) {
        byte[] bytes = new byte[SIZE];
        random.nextBytes(bytes);
        return new FileKey(bytes);
    }

    /** Opens a stanza's body and wipes the wrap key; empty when it is sealed under another key. */
    static Optional<FileKey> unwrap(byte[] wrapKey, byte[] body) {
        byte[] bytes = new byte[SIZE];
        boolean opened = wrapper(wrapKey).open(wrapNonce(), body, 0, body.length, bytes, 0);
        return opened ? Optional.of(new FileKey(bytes)) : Optional.empty();
    }

    /** Returns a stanza's body and wipes the wrap key. */
    byte[] wrap(byte[] wrapKey) {
        byte[] body = new byte[WRAPPED_SIZE];
        wrapper(wrapKey).seal(wrapNonce(), bytes, 0, SIZE, body, 0);
        return body;
    }

    /**
     * @param header up to and including its {@code ---}
     */
    byte[] headerMac(byte[] header) {
        byte[] key = hmac.derive(bytes, "header");
        byte[] mac = hmac.mac(key, header);
        Arrays.fill(key, (byte) 0);
        return mac;
    }

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

    /** Zero: every wrap key is used once (age spec, "X25519 recipient stanza"). */
    private static byte[] wrapNonce() {
        return new byte[ChaCha20Poly1305.NONCE_SIZE];
    }
}

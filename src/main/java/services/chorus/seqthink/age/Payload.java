package services.chorus.seqthink.age;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;

/**
 * The payload of one file, in chunks of 64 KiB (age spec, "Payload"). Serves one payload once: the
 * chunk counter never goes back.
 */
final class Payload {

    static final int CHUNK = 64 * 1024;
    static final int SEALED_CHUNK = CHUNK + ChaCha20Poly1305.TAG_SIZE;

    private static final int LAST_MARK = ChaCha20Poly1305.NONCE_SIZE - 1;

    private final ChaCha20Poly1305 cipher;
    private long chunks;

    Payload(ChaCha20Poly1305 cipher) {
        this.cipher = cipher;
    }

    /** Bytes that a plaintext of this length takes when sealed; an empty one is a chunk too. */
    static long sealedLength(long length) {
        return length + ChaCha20Poly1305.TAG_SIZE * Math.max(1, Math.ceilDiv(length, CHUNK));
    }

    /** Bytes of plaintext in a sealed payload of this length, if it opens. */
    static int plaintextLength(int sealedLength) {
        int tags = ChaCha20Poly1305.TAG_SIZE * Math.ceilDiv(sealedLength, SEALED_CHUNK);
        return Math.max(0, sealedLength - tags);
    }

    /** Seals all of {@code plaintext} to {@code out}. */
    void seal(byte[] plaintext, byte[] out, int at) {
        int from = 0;
        for (; plaintext.length - from > CHUNK; from += CHUNK, at += SEALED_CHUNK) {
            sealChunk(plaintext, from, CHUNK, false, out, at);
        }
        sealChunk(plaintext, from, plaintext.length - from, true, out, at);
    }

    /**
     * Opens all of {@code sealed} from {@code from} on.
     *
     * @throws AgeException of kind {@code PAYLOAD}; what was opened until then is wiped
     */
    byte[] open(byte[] sealed, int from) throws AgeException {
        byte[] plaintext = new byte[plaintextLength(sealed.length - from)];
        try {
            int at = 0;
            for (; sealed.length - from > SEALED_CHUNK; from += SEALED_CHUNK, at += CHUNK) {
                openChunk(sealed, from, SEALED_CHUNK, false, plaintext, at);
            }
            openChunk(sealed, from, sealed.length - from, true, plaintext, at);
            return plaintext;
        } catch (AgeException e) {
            Arrays.fill(plaintext, (byte) 0);
            throw e;
        }
    }

    /** Seals until the end of {@code in}. */
    void seal(InputStream in, OutputStream out) throws IOException {
        // one byte beyond a chunk tells whether the chunk is the last
        byte[] plain = new byte[CHUNK + 1];
        byte[] sealed = new byte[SEALED_CHUNK];
        try {
            int held = in.readNBytes(plain, 0, plain.length);
            while (held > CHUNK) {
                sealChunk(plain, 0, CHUNK, false, sealed, 0);
                out.write(sealed);
                plain[0] = plain[CHUNK];
                held = 1 + in.readNBytes(plain, 1, CHUNK);
            }
            sealChunk(plain, 0, held, true, sealed, 0);
            out.write(sealed, 0, held + ChaCha20Poly1305.TAG_SIZE);
        } finally {
            Arrays.fill(plain, (byte) 0);
        }
    }

    /** Opens until the end of {@code in}, writing each chunk once its tag was found right. */
    void open(InputStream in, OutputStream out) throws IOException {
        byte[] sealed = new byte[SEALED_CHUNK + 1];
        byte[] plain = new byte[CHUNK];
        try {
            int held = in.readNBytes(sealed, 0, sealed.length);
            while (held > SEALED_CHUNK) {
                openChunk(sealed, 0, SEALED_CHUNK, false, plain, 0);
                out.write(plain);
                sealed[0] = sealed[SEALED_CHUNK];
                held = 1 + in.readNBytes(sealed, 1, SEALED_CHUNK);
            }
            openChunk(sealed, 0, held, true, plain, 0);
            out.write(plain, 0, held - ChaCha20Poly1305.TAG_SIZE);
        } finally {
            Arrays.fill(plain, (byte) 0);
        }
    }

    private void sealChunk(byte[] in, int from, int length, boolean last, byte[] out, int at) {
        cipher.seal(nextNonce(last), in, from, length, out, at);
    }

    private void openChunk(byte[] in, int from, int length, boolean last, byte[] out, int at)
            throws AgeException {
        if (length < ChaCha20Poly1305.TAG_SIZE) {
            throw AgeException.payload("The file is cut short");
        }
        if (length == ChaCha20Poly1305.TAG_SIZE && chunks > 0) {
            throw AgeException.payload("The file ends with an empty chunk");
        }
        if (!cipher.open(nextNonce(last), in, from, length, out, at)) {
            throw AgeException.payload("The file was changed, cut short or extended");
        }
    }

    /** An 11-byte counter, whose first three bytes 2^64 chunks never reach, and the last mark. */
    private byte[] nextNonce(boolean last) {
        byte[] nonce = new byte[ChaCha20Poly1305.NONCE_SIZE];
        long counter = chunks++;
        for (int i = LAST_MARK - 1; counter != 0; i--, counter >>>= 8) {
            nonce[i] = (byte) counter;
        }
        nonce[LAST_MARK] = (byte) (last ? 1 : 0);
        return nonce;
    }
}

package services.chorus.seqthink.age;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;

/**
 * The payload of one file, in chunks of 64 KiB (age spec, "Payload"). An instance is used for one
 * pass over one payload: the chunk counter is never reset.
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

    /** Length of the sealed payload; an empty plaintext takes one chunk too. */
    static long sealedLength(long length) {
        return length + ChaCha20Poly1305.TAG_SIZE * Math.max(1, Math.ceilDiv(length, CHUNK));
    }

    static int plaintextLength(int sealedLength) {
        int wholeChunks = sealedLength / SEALED_CHUNK;
        int rest = sealedLength % SEALED_CHUNK;
        return wholeChunks * CHUNK + Math.max(0, rest - ChaCha20Poly1305.TAG_SIZE);
    }

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
     * @throws AgeException of kind {@code PAYLOAD}; the chunks opened so far are wiped
     */
    byte[] open(byte[] sealed, int from) throws AgeException {
        byte[] plaintext = new byte[plaintextLength(sealed.length - from)];
        try {
            int at = 0;
            int left = sealed.length - from;
            for (; left > SEALED_CHUNK; left -= SEALED_CHUNK, at += CHUNK) {
                openChunk(sealed, sealed.length - left, SEALED_CHUNK, false, plaintext, at);
            }
            openChunk(sealed, sealed.length - left, left, true, plaintext, at);
            return plaintext;
        } catch (AgeException e) {
            Arrays.fill(plaintext, (byte) 0);
            throw e;
        }
    }

    void seal(InputStream in, OutputStream out) throws IOException {
        // one byte more than a chunk shows whether the chunk is the last one
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

    /** Opens until the end of {@code in} and writes each chunk after its tag was verified. */
    void open(InputStream in, OutputStream out) throws IOException {
        byte[] sealed = new byte[SEALED_CHUNK];
        byte[] plain = new byte[CHUNK];
        try {
            boolean last = false;
            while (!last) {
                int held = in.readNBytes(sealed, 0, SEALED_CHUNK);
                // only the tag shows whether a full chunk is the last one
                last = held < SEALED_CHUNK || !opensChunk(sealed, 0, held, false, plain, 0);
                if (last) {
                    openChunk(sealed, 0, held, true, plain, 0);
                }
                out.write(plain, 0, held - ChaCha20Poly1305.TAG_SIZE);
            }
            if (in.read() >= 0) {
                throw AgeException.payload("There is data after the last chunk");
            }
        } finally {
            Arrays.fill(plain, (byte) 0);
        }
    }

    private void sealChunk(byte[] in, int from, int length, boolean last, byte[] out, int at) {
        cipher.seal(nonce(last), in, from, length, out, at);
        chunks++;
    }

    private void openChunk(byte[] in, int from, int length, boolean last, byte[] out, int at)
            throws AgeException {
        if (length < ChaCha20Poly1305.TAG_SIZE) {
            throw AgeException.payload("The file is truncated");
        }
        if (length == ChaCha20Poly1305.TAG_SIZE && chunks > 0) {
            throw AgeException.payload("The file ends with an empty chunk");
        }
        if (!opensChunk(in, from, length, last, out, at)) {
            throw AgeException.payload("The file was changed, truncated or extended");
        }
    }

    private boolean opensChunk(byte[] in, int from, int length, boolean last, byte[] out, int at) {
        boolean opened = cipher.open(nonce(last), in, from, length, out, at);
        chunks += opened ? 1 : 0;
        return opened;
    }

    /** An 11-byte counter, of which 8 bytes are enough, and a mark for the last chunk. */
    private byte[] nonce(boolean last) {
        byte[] nonce = new byte[ChaCha20Poly1305.NONCE_SIZE];
        long counter = chunks;
        for (int i = LAST_MARK - 1; counter != 0; i--, counter >>>= 8) {
            nonce[i] = (byte) counter;
        }
        nonce[LAST_MARK] = (byte) (last ? 1 : 0);
        return nonce;
    }
}

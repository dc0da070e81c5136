package services.chorus.seqthink.json;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/** Collects a bounded number of bytes. Not safe for use by several threads. */
final class BoundedBytes extends OutputStream {

    /** There are more bytes than allowed. */
    static final class TooLongException extends IOException {}

    /** For a sealed reply to a usual thought. */
    private static final int FIRST_BYTES = 1024;

    private final int most;
    private byte[] bytes = new byte[FIRST_BYTES];
    private int size;

    BoundedBytes(int most) {
        this.most = most;
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] more, int from, int length) throws IOException {
        if (length > most - size) {
            throw new TooLongException();
        }
        int needed = size + length;
        if (needed > bytes.length) {
            // half as much again: most of a long document comes in one piece, a long string
            bytes = Arrays.copyOf(bytes, Math.max(needed, (int) Math.min(most, needed * 3L / 2)));
        }
        System.arraycopy(more, from, bytes, size, length);
        size = needed;
    }

    byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }
}

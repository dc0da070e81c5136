package services.chorus.seqthink.json;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/** Collects a bounded number of bytes. Not safe for use by several threads. */
final class BoundedBytes extends OutputStream {

    /** There are more bytes than allowed. */
    static final class TooLongException extends IOException {}

    /** For a sealed reply to a usual thought. */
    private static final int FIRST_BYTES = 1024;

    /** Long documents are collected in pieces, so that none is copied to make room for the next. */
    private static final int LONGEST_PIECE = 128 * 1024;

    private final int most;
    private final List<byte[]> full = new ArrayList<>();
    private byte[] piece = new byte[FIRST_BYTES];
    private int inPiece;
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
        size += length;
        int at = from;
        for (int left = length; left > 0; ) {
            if (inPiece == piece.length) {
                full.add(piece);
                piece = new byte[Math.min(2 * piece.length, LONGEST_PIECE)];
                inPiece = 0;
            }
            int fits = Math.min(left, piece.length - inPiece);
            System.arraycopy(more, at, piece, inPiece, fits);
            inPiece += fits;
            at += fits;
            left -= fits;
        }
    }

    byte[] toByteArray() {
        byte[] all = new byte[size];
        int at = 0;
        for (byte[] each : full) {
            System.arraycopy(each, 0, all, at, each.length);
            at += each.length;
        }
        System.arraycopy(piece, 0, all, at, inPiece);
        return all;
    }
}

package services.chorus.seqthink.audit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** Reads a file line by line, a line that is too long for a record in several pieces. */
final class Pieces implements AutoCloseable {

    static final int MOST = 64 * 1024;

    private final InputStream in;
    private final byte[] buffer = new byte[MOST];
    private int from;
    private int to;

    /**
     * A line, or a part of one.
     *
     * @param bytes without the line break
     * @param endsLine whether a line break follows
     */
    record Piece(byte[] bytes, boolean endsLine) {}

    Pieces(Path file) throws IOException {
        this.in = Files.newInputStream(file);
    }

    /** The next one; empty at the end. */
    Optional<Piece> next() throws IOException {
        int end = lineBreak(from);
        boolean more = true;
        while (end == to && more) {
            more = fill();
            end = lineBreak(from); // what is left was moved, even where nothing followed
        }
        if (from == to) {
            return Optional.empty();
        }
        boolean endsLine = end < to;
        Piece piece = new Piece(Arrays.copyOfRange(buffer, from, end), endsLine);
        from = endsLine ? end + 1 : end;
        return Optional.of(piece);
    }

    /** Where the next line break is, or the end of what was read. */
    private int lineBreak(int at) {
        int next = at;
        while (next < to && buffer[next] != '\n') {
            next++;
        }
        return next;
    }

    /** Reads more behind what is left; false when there is no more, or no room for it. */
    private boolean fill() throws IOException {
        System.arraycopy(buffer, from, buffer, 0, to - from);
        to -= from;
        from = 0;
        int read = in.read(buffer, to, MOST - to);
        to += Math.max(read, 0);
        return read > 0;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}

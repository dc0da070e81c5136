package services.chorus.seqthink.audit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** Reads a file line by line, a line that is too long for a record in several pieces. */
final class LineReader implements AutoCloseable {

    static final int MAX_PIECE = 64 * 1024;

    private final Path file;
    private final InputStream in;
    private final byte[] buffer = new byte[MAX_PIECE];
    private int from;
    private int to;
    private long line = 1;
    private boolean beginsLine;

    /**
     * Where a line stands.
     *
     * @param line counted from 1
     */
    record Position(Path file, long line) {}

    /**
     * A line, or a part of one.
     *
     * @param bytes without the line break
     * @param beginsLine whether the line begins here
     * @param endsLine whether a line break follows
     */
    record Piece(Position position, byte[] bytes, boolean beginsLine, boolean endsLine) {

        /** The record that this is; empty when it is anything else. */
        Optional<RecordLine> record() {
            return beginsLine && endsLine ? RecordLine.read(bytes) : Optional.empty();
        }
    }

    /** Reads the whole file. */
    LineReader(Path file) throws IOException {
        this(file, 0);
    }

    /** Reads a file from a byte on; if that is not its first, the first line is not whole. */
    LineReader(Path file, long start) throws IOException {
        this.file = file;
        this.in = Files.newInputStream(file);
        this.beginsLine = start == 0;
        in.skipNBytes(start);
    }

    /** The next piece; empty at the end. */
    Optional<Piece> next() throws IOException {
        int end = lineBreak();
        boolean more = true;
        while (end == to && more) {
            more = fill();
            end = lineBreak(); // what is left was moved, even where nothing followed
        }
        if (from == to) {
            return Optional.empty();
        }
        boolean endsLine = end < to;
        byte[] bytes = Arrays.copyOfRange(buffer, from, end);
        Piece piece = new Piece(new Position(file, line), bytes, beginsLine, endsLine);
        from = endsLine ? end + 1 : end;
        line += endsLine ? 1 : 0;
        beginsLine = endsLine;
        return Optional.of(piece);
    }

    /** Where the next line break is, or the end of what was read. */
    private int lineBreak() {
        int next = from;
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
        int read = in.read(buffer, to, MAX_PIECE - to);
        to += Math.max(read, 0);
        return read > 0;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}

package services.chorus.seqthink.audit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Reads a file line by line; a line longer than {@link #MAX_PIECE} comes in several pieces. */
final class LineReader implements AutoCloseable {

    static final int MAX_PIECE = 64 * 1024;

    private final Path file;
    private final InputStream in;
    private long line = 1;
    private boolean beginsLine;

    /**
     * The place of a line.
     *
     * @param line counted from 1
     */
    record Position(Path file, long line) {}

    /**
     * A line or a part of one.
     *
     * @param bytes without the line break
     * @param beginsLine whether the line begins here
     * @param endsLine whether a line break follows
     */
    record Piece(Position position, byte[] bytes, boolean beginsLine, boolean endsLine) {

        Optional<RecordLine> record() {
            return beginsLine && endsLine ? RecordLine.read(bytes) : Optional.empty();
        }
    }

    /** Starts at a byte of a file; unless that is 0, the first line counts as incomplete. */
    LineReader(Path file, long start) throws IOException {
        this.file = file;
        this.in = new BufferedInputStream(Files.newInputStream(file), MAX_PIECE);
        this.beginsLine = start == 0;
        in.skipNBytes(start);
    }

    /** The next piece; empty at the end. */
    Optional<Piece> next() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int next = in.read();
        while (next >= 0 && next != '\n') {
            bytes.write(next);
            if (bytes.size() == MAX_PIECE) {
                break;
            }
            next = in.read();
        }
        if (next < 0 && bytes.size() == 0) {
            return Optional.empty();
        }
        boolean endsLine = next == '\n';
        Position position = new Position(file, line);
        Piece piece = new Piece(position, bytes.toByteArray(), beginsLine, endsLine);
        line += endsLine ? 1 : 0;
        beginsLine = endsLine;
        return Optional.of(piece);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}

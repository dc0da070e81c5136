package services.chorus.seqthink.audit;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** A destination of lines. For one thread at a time. */
interface Sink extends AutoCloseable {

    String name();

    /**
     * Appends lines. After a failure, the rest of the buffer has not been written, and the next
     * write continues with it.
     *
     * @param first the number of the first line
     */
    void write(ByteBuffer lines, long first) throws IOException;

    /** Returns when all written lines are on the disk, if there is one. */
    default void force() throws IOException {}

    @Override
    default void close() throws IOException {}

    /**
     * This process's standard output, which carries log lines too. Writes each line with one call:
     * a pipe takes up to 4 KiB at once (POSIX, PIPE_BUF), so that lines do not mix. Not a print
     * stream, which would hide errors.
     */
    static final class StandardOutput implements Sink {

        // never closed: it is not ours
        private final FileChannel out;

        StandardOutput(FileOutputStream out) {
            this.out = out.getChannel();
        }

        @Override
        public String name() {
            return "standard output";
        }

        @Override
        public void write(ByteBuffer lines, long first) throws IOException {
            while (lines.hasRemaining()) {
                ByteBuffer line = lines.slice(lines.position(), lengthOfLine(lines));
                try {
                    while (line.hasRemaining()) {
                        out.write(line);
                    }
                } finally {
                    lines.position(lines.position() + line.position());
                }
            }
        }

        private static int lengthOfLine(ByteBuffer lines) {
            int end = lines.position();
            while (lines.get(end) != '\n') {
                end++;
            }
            return end + 1 - lines.position();
        }
    }
}

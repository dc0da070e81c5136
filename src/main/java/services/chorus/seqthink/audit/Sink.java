package services.chorus.seqthink.audit;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Where lines go. For one thread at a time. */
interface Sink extends AutoCloseable {

    String name();

    /**
     * Writes lines behind all that were written before. What is left in the buffer after a failure
     * has not been written, and the next write goes on with it.
     *
     * @param first the number of the first of them
     */
    void write(ByteBuffer lines, long first) throws IOException;

    /** Returns when what was written is on the disk, where there is one. */
    default void force() throws IOException {}

    @Override
    default void close() throws IOException {}

    /**
     * This process's standard output, which carries log lines, too. Each line is written by itself:
     * a pipe takes up to 4 KiB whole (POSIX, PIPE_BUF), so that no other line gets into it. A print
     * stream would keep its errors to itself. Nothing is held back, and whoever reads it keeps it.
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

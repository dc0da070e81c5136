package services.chorus.seqthink.audit;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * This process's standard output, which carries log lines, too. Each line is written by itself: a
 * pipe takes up to 4 KiB whole (POSIX, PIPE_BUF), so that no other line gets into it. A print
 * stream would keep its errors to itself. Nothing is held back, and whoever reads it keeps it.
 */
final class StandardOutput implements Sink {

    // never closed: it is not ours
    private final FileChannel out;

    StandardOutput() {
        this(new FileOutputStream(FileDescriptor.out));
    }

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

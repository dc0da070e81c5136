package services.chorus.seqthink.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** A disk whose free space a test can change. */
final class FlakySink implements Sink {

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private int room = Integer.MAX_VALUE;
    private boolean forces = true;
    private int attempts;
    private int forced;

    @Override
    public String name() {
        return "a flaky disk";
    }

    @Override
    public synchronized void write(ByteBuffer lines, long first) throws IOException {
        attempts++;
        while (lines.hasRemaining()) {
            if (room == 0) {
                throw new IOException("No space left on device");
            }
            written.write(lines.get());
            room--;
        }
    }

    @Override
    public synchronized void force() throws IOException {
        if (!forces) {
            throw new IOException("Input/output error");
        }
        forced++;
    }

    @Override
    public void close() {}

    /** Sets how many more bytes can be written. */
    synchronized void leaveRoom(int bytes) {
        room = bytes;
    }

    synchronized void breakForce(boolean broken) {
        forces = !broken;
    }

    synchronized int attempts() {
        return attempts;
    }

    synchronized int forced() {
        return forced;
    }

    synchronized byte[] bytes() {
        return written.toByteArray();
    }

    synchronized List<String> lines() {
        return written.toString(UTF_8).lines().toList();
    }
}

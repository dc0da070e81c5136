package services.chorus.seqthink.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import services.chorus.seqthink.net.EventStream;
import services.chorus.seqthink.protocol.After;

/**
 * The verified events of one sealed stream, as they arrive. Closing it closes the connection. Not
 * safe for use by several threads.
 */
public final class EventFeed implements AutoCloseable {

    private static final int CHUNK = 64 * 1024;

    private final TimedStream body;
    private final StreamVerifier verifier;
    private final Credentials caller;
    private final int mostBytes;
    private final EventStream parser = new EventStream();
    private final Queue<byte[]> received = new ArrayDeque<>();
    private final byte[] chunk = new byte[CHUNK];
    private int bytesSinceEvent;

    /**
     * @param mostBytes of one event; a longer one ends the stream
     */
    EventFeed(TimedStream body, StreamVerifier verifier, Credentials caller, int mostBytes) {
        this.body = body;
        this.verifier = verifier;
        this.caller = caller;
        this.mostBytes = mostBytes;
    }

    /**
     * Waits for the next event.
     *
     * @return empty when the stream is over, after {@link StreamVerifier.Ended}
     * @throws CallFailed when an event cannot be verified, or the stream was cut off
     */
    public Optional<StreamVerifier.Event> next() throws IOException {
        Optional<byte[]> data = data();
        if (data.isPresent()) {
            return Optional.of(
                    verifier.next(caller.open(decoded(data.get()), "an event of the stream")));
        }
        if (verifier.isTruncated()) {
            throw new CallFailed(
                    body.timedOut()
                            ? "no data arrived in time and the stream had not ended: there may be"
                                    + " more thoughts"
                            : "the stream was cut off before its end: there may be more thoughts");
        }
        return Optional.empty();
    }

    /** The last verified event, to continue after; empty before the first. */
    public Optional<After> last() {
        return verifier.last();
    }

    @Override
    public void close() throws IOException {
        body.close();
    }

    /** The data of the next event; empty when the stream ended or the connection broke. */
    private Optional<byte[]> data() {
        try {
            while (received.isEmpty()) {
                int count = body.read(chunk);
                if (count < 0 || bytesSinceEvent > mostBytes) {
                    return Optional.empty();
                }
                received.addAll(parser.accept(Arrays.copyOf(chunk, count)));
                bytesSinceEvent = received.isEmpty() ? bytesSinceEvent + count : 0;
            }
            return Optional.of(received.remove());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static byte[] decoded(byte[] data) throws CallFailed {
        try {
            return Base64.getDecoder().decode(data);
        } catch (IllegalArgumentException e) {
            throw new CallFailed("an event of the stream is not sealed");
        }
    }

    /**
     * A stream whose reads time out: it then throws a {@link SocketTimeoutException} and closes the
     * underlying stream, which must support that during a read.
     */
    static final class TimedStream extends InputStream {

        private final InputStream in;
        private final Duration timeout;
        private boolean timedOut;

        TimedStream(InputStream in, Duration timeout) {
            this.in = in;
            this.timeout = timeout;
        }

        boolean timedOut() {
            return timedOut;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            FutureTask<Integer> reading = new FutureTask<>(() -> in.read(bytes, from, length));
            Thread.startVirtualThread(reading);
            try {
                return reading.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                timedOut = true;
                in.close();
                throw new SocketTimeoutException("nothing came for " + timeout.toSeconds() + " s");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while reading");
            } catch (ExecutionException e) {
                throw new IOException("the connection broke", e.getCause());
            }
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}

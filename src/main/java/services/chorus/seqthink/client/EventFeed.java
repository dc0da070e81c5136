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
 * The verified events of one sealed stream, as they arrive. Not for several threads; to be closed,
 * which closes the connection.
 */
public final class EventFeed implements AutoCloseable {

    private static final int CHUNK = 64 * 1024;

    private final PatientStream body;
    private final StreamVerifier verifier;
    private final Credentials caller;
    private final int mostBytes;
    private final EventStream parser = new EventStream();
    private final Queue<byte[]> received = new ArrayDeque<>();
    private final byte[] chunk = new byte[CHUNK];
    private int bytesSinceEvent;

    /**
     * @param mostBytes of one event; more end the stream
     */
    EventFeed(PatientStream body, StreamVerifier verifier, Credentials caller, int mostBytes) {
        this.body = body;
        this.verifier = verifier;
        this.caller = caller;
        this.mostBytes = mostBytes;
    }

    /**
     * Waits for the next event.
     *
     * @return empty when the stream is over, after {@link StreamVerifier.Ended}
     * @throws CallFailed when an event is not to be trusted, or the stream was cut off
     */
    public Optional<StreamVerifier.Event> next() throws IOException {
        Optional<byte[]> data = data();
        if (data.isPresent()) {
            return Optional.of(verifier.next(caller.open(decoded(data.get()), "an event")));
        }
        if (verifier.isTruncated()) {
            throw new CallFailed(
                    body.fellSilent()
                            ? "the stream fell silent and counts as cut off: there may be more"
                            : "the stream was cut off: there may be more");
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

    /** The data of the next event; empty when there is no more, or the connection broke. */
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
            throw new CallFailed("an event is not sealed");
        }
    }

    /**
     * Reads another stream until that falls silent: then it fails with a {@link
     * SocketTimeoutException} and closes the other, which must allow that while it is read. Not for
     * several threads.
     */
    static final class PatientStream extends InputStream {

        private final InputStream in;
        private final Duration patience;
        private boolean fellSilent;

        /**
         * @param patience how long may pass without any byte
         */
        PatientStream(InputStream in, Duration patience) {
            this.in = in;
            this.patience = patience;
        }

        /** Whether silence ended it. */
        boolean fellSilent() {
            return fellSilent;
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
                return reading.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                fellSilent = true;
                in.close();
                throw new SocketTimeoutException("nothing came for " + patience.toSeconds() + " s");
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

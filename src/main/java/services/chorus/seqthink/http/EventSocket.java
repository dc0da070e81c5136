package services.chorus.seqthink.http;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import services.chorus.seqthink.http.EventStreamWriter.Timeouts;

/**
 * The socket of a stream; the writing thread waits until the socket accepts the data. For one
 * thread.
 */
final class EventSocket {

    /** Small enough to detect whether the socket still accepts data. */
    private static final int PIECE = 64 * 1024;

    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final Timeouts timeouts;
    private boolean tooSlow;

    EventSocket(HttpServerRequest request, Timeouts timeouts) {
        this.request = request;
        this.response = request.response();
        this.timeouts = timeouts;
    }

    /** Sends the head and first bytes, and does not wait. */
    void begin(Buffer first) {
        response.setChunked(true);
        response.write(first);
    }

    /**
     * Sends a comment, which readers ignore, and does not wait.
     *
     * @throws IOException when the connection is closed
     */
    void keepAlive() throws IOException {
        if (response.write(Buffer.buffer(": keep-alive\n\n")).failed()) {
            throw new IOException("the reader disconnected");
        }
    }

    /**
     * Sends bytes, and waits until the socket has all of them.
     *
     * @return false if the socket accepts nothing for too long; the remaining bytes are then queued
     *     before the last event
     * @throws IOException when the connection is closed
     */
    boolean send(Buffer bytes) throws IOException, InterruptedException {
        for (int from = 0; from < bytes.length(); from += PIECE) {
            int to = Math.min(from + PIECE, bytes.length());
            if (!isAccepted(response.write(bytes.slice(from, to)), timeouts.slow())) {
                tooSlow = true;
                if (to < bytes.length()) {
                    response.write(bytes.slice(to, bytes.length()));
                }
                return false;
            }
        }
        return true;
    }

    /** Sends the last bytes, waits briefly for them, and closes a connection that is too slow. */
    void end(Buffer last) throws InterruptedException {
        try {
            if (!isAccepted(response.end(last), timeouts.linger()) || tooSlow) {
                cut();
            }
        } catch (IOException e) {
            // already closed
        }
    }

    /** Closes the connection at once, dropping unsent data. */
    void cut() {
        if (request.version() == HttpVersion.HTTP_2) {
            response.reset();
        } else {
            // HttpConnection.close would wait for the pending data
            ((ConnectionBase) request.connection()).channel().close();
        }
    }

    private static boolean isAccepted(Future<Void> written, Duration timeout)
            throws IOException, InterruptedException {
        try {
            written.toCompletionStage()
                    .toCompletableFuture()
                    .get(timeout.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IOException("the reader disconnected");
        }
    }
}

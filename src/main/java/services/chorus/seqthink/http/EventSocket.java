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
import services.chorus.seqthink.http.EventStreamWriter.Patience;

/**
 * The socket under a stream, written to by a thread that waits until it has taken what was sent.
 * For one thread.
 */
final class EventSocket {

    /** So little waits at once for the socket to take it, to see whether it takes any. */
    private static final int PIECE = 64 * 1024;

    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final Patience patience;
    private boolean tooSlow;

    EventSocket(HttpServerRequest request, Patience patience) {
        this.request = request;
        this.response = request.response();
        this.patience = patience;
    }

    /** Sends the head and first bytes, and does not wait. */
    void begin(Buffer first) {
        response.setChunked(true);
        response.write(first);
    }

    /**
     * Sends a comment, which readers pass over, and does not wait.
     *
     * @throws IOException when the connection is closed
     */
    void keepAlive() throws IOException {
        if (response.write(Buffer.buffer(": keep-alive\n\n")).failed()) {
            throw new IOException("the reader is gone");
        }
    }

    /**
     * Sends bytes, and waits until the socket has all of them.
     *
     * @return false when it takes nothing for too long; what is left of them is queued then, for
     *     the end to stand behind it
     * @throws IOException when the connection is closed
     */
    boolean send(Buffer bytes) throws IOException, InterruptedException {
        for (int from = 0; from < bytes.length(); from += PIECE) {
            int to = Math.min(from + PIECE, bytes.length());
            if (!isTaken(response.write(bytes.slice(from, to)), patience.slow())) {
                tooSlow = true;
                if (to < bytes.length()) {
                    response.write(bytes.slice(to, bytes.length()));
                }
                return false;
            }
        }
        return true;
    }

    /** Sends the last bytes, waits a little for them to be taken, and closes what was too slow. */
    void end(Buffer last) throws InterruptedException {
        try {
            if (!isTaken(response.end(last), patience.linger()) || tooSlow) {
                cut();
            }
        } catch (IOException e) {
            // closed while it was ending
        }
    }

    /** Breaks the stream off, whatever is still on its way. */
    void cut() {
        if (request.version() == HttpVersion.HTTP_2) {
            response.reset();
        } else {
            // its own close would wait until the socket has taken what it does not take
            ((ConnectionBase) request.connection()).channel().close();
        }
    }

    private static boolean isTaken(Future<Void> written, Duration patience)
            throws IOException, InterruptedException {
        try {
            written.toCompletionStage()
                    .toCompletableFuture()
                    .get(patience.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IOException("the reader is gone");
        }
    }
}

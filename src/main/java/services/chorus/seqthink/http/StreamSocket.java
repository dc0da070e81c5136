package services.chorus.seqthink.http;

import io.vertx.core.AsyncResult;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;

/**
 * The socket under a stream: says when it has taken what was sent, or takes nothing. One thing is
 * sent at a time. For the request's event loop only, {@link #begin} apart.
 */
final class StreamSocket {

    /** So little waits at once for the socket to take it, to see whether it takes any. */
    private static final int PIECE = 64 * 1024;

    private static final Buffer NOTHING = Buffer.buffer();
    private static final Buffer KEEP_ALIVE = Buffer.buffer(": keep-alive\n\n");

    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final Vertx vertx;
    private final Patience patience;

    private Buffer unsent = NOTHING;
    private boolean tooSlow;
    private boolean over;
    private long slowTimer;

    StreamSocket(HttpServerRequest request, Vertx vertx, Patience patience) {
        this.request = request;
        this.response = request.response();
        this.vertx = vertx;
        this.patience = patience;
    }

    /** Sends the head and first bytes. */
    void begin(Buffer first) {
        response.setChunked(true);
        response.write(first);
    }

    boolean isClosed() {
        return response.closed();
    }

    void keepAlive() {
        response.write(KEEP_ALIVE);
    }

    /**
     * Sends bytes.
     *
     * @param taken told when the socket has all of them
     * @param slow told instead when it takes nothing for too long; what is left of them is queued
     *     then, for the end to stand behind it
     */
    void send(Buffer bytes, Runnable taken, Runnable slow) {
        unsent = bytes;
        sendOn(taken, slow);
    }

    private void sendOn(Runnable taken, Runnable slow) {
        int piece = Math.min(PIECE, unsent.length());
        Buffer sending = unsent.slice(0, piece);
        unsent = unsent.slice(piece, unsent.length());
        slowTimer = vertx.setTimer(patience.slow().toMillis(), late -> giveUp(slow));
        response.write(sending).onComplete(sent -> goOn(sent, taken, slow));
    }

    private void goOn(AsyncResult<Void> sent, Runnable taken, Runnable slow) {
        vertx.cancelTimer(slowTimer);
        if (over || tooSlow || sent.failed()) {
            return;
        }
        if (unsent.length() > 0) {
            sendOn(taken, slow);
        } else {
            taken.run();
        }
    }

    private void giveUp(Runnable slow) {
        tooSlow = true;
        if (unsent.length() > 0) {
            response.write(unsent);
            unsent = NOTHING;
        }
        slow.run();
    }

    /** Sends the last bytes, waits a little for them to be taken, and closes what was too slow. */
    void end(Buffer last) {
        forget();
        long lingering = vertx.setTimer(patience.linger().toMillis(), late -> cut());
        response.end(last)
                .onComplete(
                        sent -> {
                            vertx.cancelTimer(lingering);
                            if (tooSlow) {
                                cut();
                            }
                        });
    }

    /** Stops waiting for the socket. */
    void forget() {
        over = true;
        vertx.cancelTimer(slowTimer);
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
}

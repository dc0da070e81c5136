package services.chorus.seqthink.net;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.IntPredicate;
import services.chorus.seqthink.net.RequestBody.BodyRefusedException.Why;

/**
 * Receives a request's body within bounds on its size, its total time and its rate. Collects the
 * bytes on the event loop, so that a slow sender occupies neither a platform thread nor memory for
 * bytes that it has not sent.
 */
public final class RequestBody {

    /** Bytes allocated at most before the first byte arrives, whatever length is announced. */
    private static final int FIRST_BYTES = 16 * 1024;

    /**
     * How often a body must make progress. A sender that withholds the rest of a body occupies
     * memory, so it gets less time than an honest one on a slow link, which may be silent for some
     * seconds between its retransmissions.
     */
    static final Duration PROGRESS_EVERY = Duration.ofSeconds(10);

    /** How much must arrive in that time: 8 KiB/s, the rate of a poor mobile connection. */
    static final int PROGRESS_BYTES = 80 * 1024;

    private final HttpServerRequest request;
    private final Context loop;
    private final int mostBytes;
    private final IntPredicate room;
    private final Duration progressEvery;
    private final int announced;
    private final CompletableFuture<byte[]> whole = new CompletableFuture<>();

    // confined to the event loop
    private byte[] bytes;
    private int size;
    private int sizeBefore;
    private long timer;
    private long progressTimer;

    private RequestBody(
            HttpServerRequest request,
            Context loop,
            int mostBytes,
            IntPredicate room,
            Duration progressEvery) {
        this.request = request;
        this.loop = loop;
        this.mostBytes = mostBytes;
        this.room = room;
        this.progressEvery = progressEvery;
        this.announced = announced(request);
        this.bytes = new byte[Math.min(announced, FIRST_BYTES)];
    }

    /**
     * Receives the body, after {@code 100 Continue} if its sender waits for that. Blocks: call it
     * on a virtual thread of the request.
     *
     * @param mostBytes longest accepted body
     * @param deadline timeout of the complete body
     * @param room called with a number of bytes before they are stored; false refuses the body
     * @return the body, owned by the caller
     * @throws BodyRefusedException when it is not received completely
     * @throws InterruptedException when the calling thread is interrupted
     */
    public static byte[] read(
            HttpServerRequest request, int mostBytes, Duration deadline, IntPredicate room)
            throws BodyRefusedException, InterruptedException {
        return read(request, mostBytes, deadline, room, PROGRESS_EVERY);
    }

    static byte[] read(
            HttpServerRequest request,
            int mostBytes,
            Duration deadline,
            IntPredicate room,
            Duration progressEvery)
            throws BodyRefusedException, InterruptedException {
        RequestBody body =
                new RequestBody(request, Vertx.currentContext(), mostBytes, room, progressEvery);
        body.loop.runOnContext(now -> body.receive(deadline));
        try {
            return body.whole.get();
        } catch (InterruptedException e) {
            body.loop.runOnContext(now -> body.refuse(Why.BROKEN));
            throw e;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof BodyRefusedException refused) {
                throw refused;
            }
            throw new IllegalStateException("A body could not be received", e.getCause());
        }
    }

    private static int announced(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        try {
            return length == null ? FIRST_BYTES : Math.max(0, Integer.parseInt(length));
        } catch (NumberFormatException e) {
            return FIRST_BYTES;
        }
    }

    private void receive(Duration deadline) {
        if (request.response().closed()) {
            refuse(Why.BROKEN); // a handler set after the close is never called
            return;
        }
        timer = loop.owner().setTimer(deadline.toMillis(), late -> refuse(Why.TOO_SLOW));
        progressTimer =
                loop.owner().setPeriodic(progressEvery.toMillis(), again -> checkProgress());
        request.exceptionHandler(broken -> refuse(Why.BROKEN));
        request.handler(this::keep);
        request.endHandler(end -> complete());
        // RFC 9110 section 10.1.1
        if (request.version() != HttpVersion.HTTP_1_0
                && request.headers().contains(HttpHeaders.EXPECT, HttpHeaders.CONTINUE, true)) {
            request.response().writeContinue();
        }
        request.resume();
    }

    private void checkProgress() {
        if (size - sizeBefore < PROGRESS_BYTES) {
            refuse(Why.TOO_SLOW);
        }
        sizeBefore = size;
    }

    private void keep(Buffer chunk) {
        if (whole.isDone()) {
            return;
        }
        if (size + chunk.length() > mostBytes) {
            refuse(Why.TOO_LARGE);
        } else if (!room.test(chunk.length())) {
            refuse(Why.NO_ROOM);
        } else {
            grow(size + chunk.length());
            chunk.getBytes(bytes, size);
            size += chunk.length();
        }
    }

    private void grow(int needed) {
        if (needed > bytes.length) {
            int doubled = Math.min(mostBytes, Math.max(needed, 2 * size));
            // the last growth is exact, which saves a copy
            byte[] more =
                    Arrays.copyOf(
                            bytes, needed <= announced ? Math.min(announced, doubled) : doubled);
            Arrays.fill(bytes, (byte) 0);
            bytes = more;
        }
    }

    private void complete() {
        cancelTimers();
        if (size == bytes.length) {
            whole.complete(bytes);
        } else {
            whole.complete(Arrays.copyOf(bytes, size));
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private void cancelTimers() {
        loop.owner().cancelTimer(timer);
        loop.owner().cancelTimer(progressTimer);
    }

    private void refuse(Why why) {
        if (whole.completeExceptionally(new BodyRefusedException(why))) {
            cancelTimers();
            if (!request.isEnded()) {
                request.handler(rest -> {});
            }
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /** A body was not received completely; contains nothing of it. */
    public static final class BodyRefusedException extends Exception {

        /** Why a body was not received. */
        public enum Why {
            /** It is longer than allowed. */
            TOO_LARGE,
            /** It was not complete before the deadline, or arrived too slowly. */
            TOO_SLOW,
            /** There is no memory for it at present. */
            NO_ROOM,
            /** The connection broke, or the body is malformed. */
            BROKEN
        }

        private final Why why;

        BodyRefusedException(Why why) {
            super(why.name(), null, false, false);
            this.why = why;
        }

        public Why why() {
            return why;
        }
    }
}

package services.chorus.seqthink.net;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.IntPredicate;
import services.chorus.seqthink.net.BodyRefusedException.Why;

/**
 * Receives a request's body on the event loop, bounded in size and in time as a whole: a sender
 * that dribbles holds neither a thread nor room for bytes that it has not sent.
 */
public final class RequestBody {

    private final HttpServerRequest request;
    private final Context context;
    private final int mostBytes;
    private final IntPredicate room;
    private final UniEmitter<? super byte[]> receiver;
    private final Received received = new Received();
    private long timer;

    private RequestBody(
            HttpServerRequest request,
            Context context,
            int mostBytes,
            IntPredicate room,
            UniEmitter<? super byte[]> receiver) {
        this.request = request;
        this.context = context;
        this.mostBytes = mostBytes;
        this.room = room;
        this.receiver = receiver;
    }

    /**
     * Receives the body, and asks for it where its sender waits for that ({@code Expect:
     * 100-continue}). Called on the request's event loop; answers there too.
     *
     * @param mostBytes the longest body taken
     * @param deadline how long all of it may take
     * @param room asked before as many bytes are kept; false refuses the body
     * @return the body, or a {@link BodyRefusedException}
     */
    public static Uni<byte[]> of(
            HttpServerRequest request, int mostBytes, Duration deadline, IntPredicate room) {
        Context context = Vertx.currentContext();
        return Uni.createFrom()
                .emitter(
                        receiver ->
                                new RequestBody(request, context, mostBytes, room, receiver)
                                        .receive(deadline));
    }

    private void receive(Duration deadline) {
        timer = context.owner().setTimer(deadline.toMillis(), late -> refuse(Why.TOO_SLOW));
        receiver.onTermination(this::stop);
        request.exceptionHandler(broken -> refuse(Why.BROKEN));
        request.handler(this::keep);
        request.endHandler(end -> complete());
        if (isWaitedFor()) {
            request.response().writeContinue();
        }
        request.resume();
    }

    /** Whether the body comes only after a word of assent (RFC 9110 section 10.1.1). */
    private boolean isWaitedFor() {
        return request.version() != HttpVersion.HTTP_1_0
                && request.headers().contains(HttpHeaders.EXPECT, HttpHeaders.CONTINUE, true);
    }

    private void keep(Buffer chunk) {
        if (received.size() + chunk.length() > mostBytes) {
            refuse(Why.TOO_LARGE);
        } else if (!room.test(chunk.length())) {
            refuse(Why.NO_ROOM);
        } else {
            received.writeBytes(chunk.getBytes());
        }
    }

    private void complete() {
        receiver.complete(received.toByteArray());
        stop();
    }

    private void refuse(Why why) {
        receiver.fail(new BodyRefusedException(why));
        stop();
    }

    private void stop() {
        context.owner().cancelTimer(timer);
        if (!request.isEnded()) {
            request.handler(rest -> {});
        }
        received.wipe();
    }

    /** Bytes whose memory can be wiped. */
    private static final class Received extends ByteArrayOutputStream {

        void wipe() {
            Arrays.fill(buf, (byte) 0);
            reset();
        }
    }
}

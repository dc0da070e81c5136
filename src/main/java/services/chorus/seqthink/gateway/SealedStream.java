package services.chorus.seqthink.gateway;

import io.quarkus.logging.Log;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Flow;
import java.util.function.Function;
import services.chorus.seqthink.sealing.StreamEvent;
import services.chorus.seqthink.sealing.StreamEvent.End;
import services.chorus.seqthink.sealing.StreamEvent.Reason;
import services.chorus.seqthink.sealing.ThoughtStream;

/**
 * One stream on its way to one socket: takes a thought only when the socket has taken the one
 * before. Whatever happens to it happens on the request's event loop, the sealing apart.
 */
final class SealedStream implements Flow.Subscriber<StreamEvent> {

    /** So little of an event waits for the socket at once, to see whether it takes any. */
    private static final int PIECE = 64 * 1024;

    private static final Buffer NOTHING = Buffer.buffer();
    private static final Buffer KEEP_ALIVE = Buffer.buffer(": keep-alive\n\n");

    /**
     * How patient a stream is.
     *
     * @param keepAlive how often something is sent at least
     * @param slow how long the socket may take nothing
     * @param linger how long the last event may take to be sent
     */
    record Patience(Duration keepAlive, Duration slow, Duration linger) {

        static final Patience USUAL =
                new Patience(Duration.ofSeconds(15), Duration.ofSeconds(30), Duration.ofSeconds(5));
    }

    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final Context loop;
    private final LiveStreams.Place place;
    private final ThoughtStream.Begun thoughts;
    private final Function<StreamEvent, byte[]> frames;
    private final Optional<Duration> life;
    private final Patience patience;
    private final Buffer first;

    private StreamEvent last;
    private Buffer unsent = NOTHING;
    private Optional<Flow.Subscription> subscription = Optional.empty();
    private Optional<Reason> ending = Optional.empty();
    private boolean busy;
    private boolean tooSlow;
    private boolean over;
    private long keepAliveTimer;
    private long lifeTimer;
    private long slowTimer;

    /**
     * Makes a stream, and the first event's bytes with it.
     *
     * @param loop the request's event loop
     * @param place what the stream takes up
     * @param frames makes an event's bytes; called on worker threads
     * @param life how long the token is still good for
     */
    SealedStream(
            HttpServerRequest request,
            Context loop,
            LiveStreams.Place place,
            ThoughtStream.Begun thoughts,
            Function<StreamEvent, byte[]> frames,
            Optional<Duration> life,
            Patience patience) {
        this.request = request;
        this.response = request.response();
        this.loop = loop;
        this.place = place;
        this.thoughts = thoughts;
        this.frames = frames;
        this.life = life;
        this.patience = patience;
        this.last = thoughts.open();
        this.first = Buffer.buffer(frames.apply(last));
    }

    /** Sends the head and the first event, and everything else when it is time. */
    void start() {
        response.setChunked(true);
        response.write(first);
        loop.runOnContext(begun -> run());
        place.put(this);
    }

    /** Ends the stream after the event that is under way. */
    void end(Reason reason) {
        loop.runOnContext(asked -> endSoon(reason));
    }

    /** Forgets the stream: nobody is there any more. */
    void stop() {
        loop.runOnContext(gone -> close());
    }

    @Override
    public void onSubscribe(Flow.Subscription begun) {
        loop.runOnContext(
                subscribed -> {
                    subscription = Optional.of(begun);
                    if (over || ending.isPresent()) {
                        begun.cancel();
                    } else {
                        begun.request(1);
                    }
                });
    }

    @Override
    public void onNext(StreamEvent event) {
        loop.runOnContext(
                came -> {
                    if (!over && ending.isEmpty()) {
                        seal(event);
                    }
                });
    }

    @Override
    public void onError(Throwable broken) {
        loop.runOnContext(failed -> breakOff(broken));
    }

    @Override
    public void onComplete() {
        // what ends a stream has come as an event
    }

    private void run() {
        if (!over) {
            keepAliveTimer =
                    vertx().setPeriodic(patience.keepAlive().toMillis(), tick -> keepAlive());
            life.ifPresent(
                    left ->
                            lifeTimer =
                                    vertx().setTimer(
                                                    Math.max(1, left.toMillis()),
                                                    expired -> endSoon(Reason.TOKEN_EXPIRED)));
            thoughts.following()
                    .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
                    .subscribe(this);
        }
    }

    private void keepAlive() {
        if (!busy) {
            response.write(KEEP_ALIVE);
        }
    }

    private void endSoon(Reason reason) {
        if (over || ending.isPresent()) {
            return;
        }
        ending = Optional.of(reason);
        subscription.ifPresent(Flow.Subscription::cancel);
        if (!busy) {
            next();
        }
    }

    private void seal(StreamEvent event) {
        busy = true;
        loop.executeBlocking(() -> Buffer.buffer(frames.apply(event)), false)
                .onSuccess(frame -> send(event, frame))
                .onFailure(this::breakOff);
    }

    private void send(StreamEvent event, Buffer frame) {
        if (over) {
            return;
        }
        last = event;
        if (event instanceof End) {
            finish(frame);
        } else {
            unsent = frame;
            sendOn();
        }
    }

    private void sendOn() {
        if (unsent.length() == 0) {
            busy = false;
            next();
            return;
        }
        int piece = Math.min(PIECE, unsent.length());
        Buffer sending = unsent.slice(0, piece);
        unsent = unsent.slice(piece, unsent.length());
        slowTimer = vertx().setTimer(patience.slow().toMillis(), late -> cutOff());
        response.write(sending).onComplete(this::taken);
    }

    private void taken(AsyncResult<Void> sent) {
        vertx().cancelTimer(slowTimer);
        if (sent.succeeded() && !over && !tooSlow) {
            sendOn();
        }
    }

    private void next() {
        if (ending.isPresent()) {
            seal(new End(last.epoch(), last.sequence(), ending.get()));
        } else {
            subscription.ifPresent(asked -> asked.request(1));
        }
    }

    /** An event that was begun is sent to its end, for the last one to stand behind it. */
    private void cutOff() {
        if (over) {
            return;
        }
        tooSlow = true;
        place.cutOff();
        subscription.ifPresent(Flow.Subscription::cancel);
        ending = ending.or(() -> Optional.of(Reason.TOO_SLOW));
        response.write(unsent);
        unsent = NOTHING;
        next();
    }

    private void finish(Buffer frame) {
        close();
        long lingering = vertx().setTimer(patience.linger().toMillis(), late -> cut());
        response.end(frame)
                .onComplete(
                        sent -> {
                            vertx().cancelTimer(lingering);
                            if (tooSlow) {
                                cut();
                            }
                        });
    }

    private void breakOff(Throwable broken) {
        if (!over) {
            // the class only: a message could quote a thought
            Log.errorf("A stream broke off: %s", broken.getClass().getName());
            close();
            cut();
        }
    }

    private void cut() {
        if (request.version() == HttpVersion.HTTP_2) {
            response.reset();
        } else {
            // its own close would wait until the socket has taken what it does not take
            ((ConnectionBase) request.connection()).channel().close();
        }
    }

    private void close() {
        over = true;
        vertx().cancelTimer(keepAliveTimer);
        vertx().cancelTimer(lifeTimer);
        vertx().cancelTimer(slowTimer);
        subscription.ifPresent(Flow.Subscription::cancel);
    }

    private Vertx vertx() {
        return loop.owner();
    }
}

package services.chorus.seqthink.http;

import io.quarkus.logging.Log;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import java.util.function.Function;
import services.chorus.seqthink.pipeline.ThoughtStream;
import services.chorus.seqthink.protocol.StreamEvent;
import services.chorus.seqthink.protocol.StreamEvent.End;
import services.chorus.seqthink.protocol.StreamEvent.Reason;

/**
 * One stream on its way to its reader: asks for a thought only when the socket has taken the one
 * before. Whatever happens to it happens on the request's event loop, the sealing apart.
 */
final class SealedStream implements Flow.Subscriber<StreamEvent> {

    private final Context loop;
    private final StreamSocket socket;
    private final LiveStreams.Place place;
    private final ThoughtStream.Begun thoughts;
    private final Function<StreamEvent, byte[]> frames;
    private final Optional<Duration> life;
    private final Patience patience;
    private final Consumer<String> ended;
    private final Buffer first;

    private StreamEvent last;
    private Optional<Flow.Subscription> subscription = Optional.empty();
    private Optional<Reason> ending = Optional.empty();
    private boolean busy;
    private boolean over;
    private long keepAliveTimer;
    private long lifeTimer;

    /**
     * Makes a stream, and the first event's bytes with it.
     *
     * @param loop the request's event loop
     * @param place what the stream takes up
     * @param frames makes an event's bytes; called on worker threads
     * @param life how long the token is still good for
     * @param ended told once why the stream ended, when it did
     */
    SealedStream(
            HttpServerRequest request,
            Context loop,
            LiveStreams.Place place,
            ThoughtStream.Begun thoughts,
            Function<StreamEvent, byte[]> frames,
            Optional<Duration> life,
            Patience patience,
            Consumer<String> ended) {
        this.loop = loop;
        this.socket = new StreamSocket(request, loop.owner(), patience);
        this.place = place;
        this.thoughts = thoughts;
        this.frames = frames;
        this.life = life;
        this.patience = patience;
        this.ended = ended;
        this.last = thoughts.open();
        this.first = Buffer.buffer(frames.apply(last));
    }

    /** Sends the head and the first event, and everything else when it is time. */
    void start() {
        socket.begin(first);
        loop.runOnContext(begun -> run());
        place.put(this);
        if (socket.isClosed()) {
            place.leave(); // nobody is told any more that it closed
        }
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
        if (over) {
            return;
        }
        keepAliveTimer = vertx().setPeriodic(patience.keepAlive().toMillis(), tick -> keepAlive());
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

    private void keepAlive() {
        if (!busy) {
            socket.keepAlive();
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
            close();
            socket.end(frame);
        } else {
            socket.send(frame, this::taken, this::cutOff);
        }
    }

    private void taken() {
        busy = false;
        next();
    }

    private void cutOff() {
        place.cutOff();
        subscription.ifPresent(Flow.Subscription::cancel);
        ending = ending.or(() -> Optional.of(Reason.TOO_SLOW));
        next();
    }

    private void next() {
        if (ending.isPresent()) {
            seal(new End(last.epoch(), last.sequence(), ending.get()));
        } else {
            subscription.ifPresent(asked -> asked.request(1));
        }
    }

    private void breakOff(Throwable broken) {
        if (!over) {
            // the class only: a message could quote a thought
            Log.errorf("A stream broke off: %s", broken.getClass().getName());
            close();
            socket.cut();
        }
    }

    private void close() {
        if (!over) {
            ended.accept(last instanceof End end ? end.reason().code() : "cut-off");
        }
        over = true;
        vertx().cancelTimer(keepAliveTimer);
        vertx().cancelTimer(lifeTimer);
        subscription.ifPresent(Flow.Subscription::cancel);
        socket.forget();
    }

    private Vertx vertx() {
        return loop.owner();
    }
}

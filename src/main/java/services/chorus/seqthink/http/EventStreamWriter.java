package services.chorus.seqthink.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.quarkus.logging.Log;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.Provider;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Consumer;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveResourceInfo;
import org.jboss.resteasy.reactive.server.spi.ServerMessageBodyWriter;
import org.jboss.resteasy.reactive.server.spi.ServerRequestContext;
import services.chorus.seqthink.pipeline.SealedStream;
import services.chorus.seqthink.pipeline.SealedStream.SealedEvent;
import services.chorus.seqthink.protocol.StreamEvent.Reason;

/**
 * Writes a sealed stream to its reader as server-sent events: a loop on its own virtual thread,
 * which reads the next event only after the socket has accepted the one before.
 */
final class EventStreamWriter implements Runnable {

    /**
     * Time limits of a stream.
     *
     * @param keepAlive longest silence on the stream
     * @param slow longest time without the socket accepting data
     * @param linger longest time for sending the last event
     */
    record Timeouts(Duration keepAlive, Duration slow, Duration linger) {

        static final Timeouts DEFAULT =
                new Timeouts(Duration.ofSeconds(15), Duration.ofSeconds(30), Duration.ofSeconds(5));
    }

    private static final String CUT_OFF = "cut-off";

    private final SealedStream stream;
    private final RoutingContext routing;
    private final Consumer<String> ended;
    private final Timeouts timeouts;
    private final EventSocket socket;

    /**
     * @param ended called once when the stream has ended, with the reason
     */
    EventStreamWriter(SealedStream stream, RoutingContext routing, Consumer<String> ended) {
        this(stream, routing, ended, Timeouts.DEFAULT);
    }

    EventStreamWriter(
            SealedStream stream,
            RoutingContext routing,
            Consumer<String> ended,
            Timeouts timeouts) {
        this.stream = stream;
        this.routing = routing;
        this.ended = ended;
        this.timeouts = timeouts;
        this.socket = new EventSocket(routing.request(), timeouts);
    }

    /** Sends the head and the first event; the rest follows on another thread. */
    void start() {
        socket.begin(frame(stream.open()));
        Thread.ofVirtual().name("stream").start(this);
    }

    /** Writes events until one ends the stream or the reader disconnects. */
    @Override
    public void run() {
        String reason = CUT_OFF;
        try (CallerWatch _ = CallerWatch.of(routing)) {
            reason = write().code();
        } catch (InterruptedException | IOException e) {
            // the reader disconnected
        } catch (RuntimeException e) {
            // the class only: a message could quote a thought
            Log.errorf("A stream failed: %s", e.getClass().getName());
            socket.cut();
        } finally {
            stream.close();
            ended.accept(reason);
        }
    }

    private Reason write() throws InterruptedException, IOException {
        while (true) {
            Optional<SealedEvent> next = stream.next(timeouts.keepAlive());
            if (next.isEmpty()) {
                socket.keepAlive();
            } else if (next.get().end().isPresent()) {
                return end(next.get());
            } else if (!socket.send(frame(next.get()))) {
                return end(stream.cutOff());
            }
        }
    }

    private Reason end(SealedEvent last) throws InterruptedException {
        socket.end(frame(last));
        return last.end().orElseThrow();
    }

    /** HTML Living Standard, section 9.2.6. */
    private static Buffer frame(SealedEvent event) {
        return Buffer.buffer(
                "event: %s\nid: %d\ndata: %s\n\n"
                        .formatted(
                                event.name(),
                                event.sequence(),
                                Base64.getEncoder().encodeToString(event.sealed()))
                        .getBytes(US_ASCII));
    }

    /** Lets the stream write its own response. */
    @Provider
    public static final class Entity implements ServerMessageBodyWriter<EventStreamWriter> {

        @Override
        public boolean isWriteable(
                Class<?> type, Type generic, ResteasyReactiveResourceInfo target, MediaType media) {
            return type == EventStreamWriter.class;
        }

        @Override
        public boolean isWriteable(
                Class<?> type, Type generic, Annotation[] annotations, MediaType media) {
            return type == EventStreamWriter.class;
        }

        @Override
        public void writeResponse(
                EventStreamWriter stream, Type generic, ServerRequestContext context) {
            stream.start();
        }

        @Override
        public void writeTo(
                EventStreamWriter stream,
                Class<?> type,
                Type generic,
                Annotation[] annotations,
                MediaType media,
                MultivaluedMap<String, Object> headers,
                OutputStream out) {
            throw new UnsupportedOperationException(
                    "A sealed stream is written by this class only");
        }
    }
}

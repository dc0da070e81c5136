package services.chorus.seqthink.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.http.EventStreamWriter.Timeouts;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.pipeline.AuthenticatedCaller;
import services.chorus.seqthink.pipeline.LiveStreams;
import services.chorus.seqthink.pipeline.Refused;
import services.chorus.seqthink.pipeline.SealedStream;
import services.chorus.seqthink.pipeline.ThoughtStream;
import services.chorus.seqthink.policy.Caller;
import services.chorus.seqthink.protocol.StreamEvent;
import services.chorus.seqthink.protocol.StreamEvent.End;
import services.chorus.seqthink.protocol.StreamEvent.Open;
import services.chorus.seqthink.protocol.StreamEvent.Reason;
import services.chorus.seqthink.protocol.StreamEvent.Thought;
import services.chorus.seqthink.telemetry.Meters;
import services.chorus.seqthink.testing.PlainVertx;

/** Streams on real sockets, with short time limits. Events are not sealed. */
class EventStreamWriterTest {

    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final long UNSEALABLE = Long.MAX_VALUE;
    private static final int LARGE = 256 * 1024;
    private static final Pattern EVENT = Pattern.compile("id: (\\d+)\ndata: (\\S+)\n\n");

    private final Vertx vertx = PlainVertx.create();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final LiveStreams live = new LiveStreams(new Meters(registry));
    private final AtomicLong taken = new AtomicLong();
    private final AtomicLong followers = new AtomicLong();
    private final AtomicLong begun = new AtomicLong();
    private final List<String> ended = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private Supplier<ThoughtStream.Follower> thoughts = of();
    private Timeouts timeouts = new Timeouts(LONG, LONG, LONG);
    private int dataBytes = 10;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();

    @BeforeEach
    void listen() throws Exception {
        Router router = Router.router(vertx);
        router.route().handler(this::stream);
        server =
                vertx.createHttpServer()
                        .requestHandler(router)
                        .listen(0, "127.0.0.1")
                        .toCompletionStage()
                        .toCompletableFuture()
                        .get(20, TimeUnit.SECONDS);
    }

    @AfterEach
    void close() throws Exception {
        for (Socket socket : sockets) {
            socket.close();
        }
        await().until(() -> ended.size() == begun.get()); // each ends once
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @Test
    void sendsEventsInOrderAndThenTheEnd() throws Exception {
        thoughts = of(thought(1), thought(2), new End("e", 2, Reason.LOST));
        assertThat(events(ask())).containsExactly("open 0", "thought 1", "thought 2", "lost 2");
    }

    @Test
    void sendsEventsLargerThanASocketBuffer() throws Exception {
        dataBytes = 6 * 1024 * 1024;
        thoughts = of(thought(1), thought(2), new End("e", 2, Reason.LOST));
        assertThat(events(ask())).containsExactly("open 0", "thought 1", "thought 2", "lost 2");
    }

    @Test
    void sendsKeepAlivesOnAQuietStream() throws Exception {
        timeouts = new Timeouts(Duration.ofMillis(20), LONG, LONG);
        InputStream stream = ask().getInputStream();
        StringBuilder received = new StringBuilder();
        while (!received.toString().matches("(?s).*(: keep-alive.*){3}")) {
            received.append((char) stream.read());
        }
    }

    @Test
    void disconnectsOnlyTheReaderThatStopsReading() throws Exception {
        timeouts = new Timeouts(LONG, SHORT, SHORT);
        dataBytes = LARGE;
        thoughts = endless();
        ask();
        Socket fast = ask();
        AtomicLong received = new AtomicLong();
        Thread.ofVirtual().start(() -> count(fast, received));

        await().until(() -> cut() == 1 && open() == 1);
        long before = received.get();
        await().until(() -> received.get() > before + 10 * LARGE);
        assertThat(cut()).isEqualTo(1);
        fast.close();
        await().until(() -> open() == 0);
    }

    @Test
    void sendsTheReasonToASlowReaderThatResumesInTime() throws Exception {
        timeouts = new Timeouts(LONG, SHORT, LONG);
        dataBytes = LARGE;
        thoughts = endless();
        Socket slow = ask();
        await().until(() -> cut() == 1);

        List<String> events = events(slow);
        assertThat(events.getLast()).isEqualTo("too-slow " + (events.size() - 2));
    }

    @Test
    void readsThoughtsNoFasterThanTheSocketAcceptsThem() throws Exception {
        timeouts = new Timeouts(LONG, SHORT, LONG);
        dataBytes = LARGE;
        thoughts = endless();
        ask();
        await().until(() -> cut() == 1);

        assertThat(taken.get() * LARGE).isPositive().isLessThan(32L * 1024 * 1024);
    }

    @Test
    void stopsReadingThoughtsWhenTheReaderDisconnects() throws Exception {
        AtomicReference<Source> source = new AtomicReference<>();
        thoughts =
                () -> {
                    source.set(new Source(Optional::empty));
                    return source.get();
                };
        Socket socket = ask();
        await().until(() -> open() == 1);
        assertThat(source.get().closed().getCount()).isEqualTo(1);
        socket.close();
        await().until(() -> source.get().closed().getCount() == 0 && open() == 0);
        await().until(() -> ended.equals(List.of("cut-off")));
    }

    @Test
    void closesTheConnectionWithoutAnEndIfSealingFails() throws Exception {
        thoughts = of(thought(1), thought(UNSEALABLE));
        assertThat(events(ask())).containsExactly("open 0", "thought 1");
        await().until(() -> open() == 0);
    }

    private void stream(RoutingContext routing) {
        begun.incrementAndGet();
        try {
            LiveStreams.Place place =
                    live.take(
                            new AuthenticatedCaller(
                                    new Caller("issuer", Caller.Kind.SUBJECT, "caller"),
                                    Set.of(),
                                    Optional.empty()));
            SealedStream stream =
                    new SealedStream(
                            new ThoughtStream(
                                    new Open("e", 0, Optional.empty(), false), thoughts.get()),
                            this::data,
                            place,
                            Optional.empty(),
                            InstantSource.system());
            routing.addEndHandler(over -> stream.close());
            new EventStreamWriter(stream, routing, ended::add, timeouts).start();
        } catch (Refused e) {
            routing.fail(e);
        }
    }

    private byte[] data(StreamEvent event) {
        if (event.sequence() == UNSEALABLE) {
            throw new IllegalStateException("cannot be sealed");
        }
        String data =
                event instanceof End end
                        ? end.reason().code()
                        : event.name() + "#".repeat(event instanceof Open ? 0 : dataBytes);
        return data.getBytes(US_ASCII);
    }

    /** The given events, and no more. */
    private static Supplier<ThoughtStream.Follower> of(StreamEvent... events) {
        return () -> {
            Iterator<StreamEvent> left = List.of(events).iterator();
            return new Source(() -> left.hasNext() ? Optional.of(left.next()) : Optional.empty());
        };
    }

    private Supplier<ThoughtStream.Follower> endless() {
        return () -> new Source(() -> Optional.of(thought(taken.incrementAndGet())));
    }

    /** A source of events; without one it waits until it is closed. */
    private record Source(Supplier<Optional<StreamEvent>> events, CountDownLatch closed)
            implements ThoughtStream.Follower {

        Source(Supplier<Optional<StreamEvent>> events) {
            this(events, new CountDownLatch(1));
        }

        @Override
        public Optional<StreamEvent> next(Duration atMost) throws InterruptedException {
            Optional<StreamEvent> next = events.get();
            if (next.isEmpty()) {
                closed.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
            }
            return next;
        }

        @Override
        public void close() {
            closed.countDown();
        }
    }

    private static StreamEvent thought(long sequence) {
        return new Thought("e", sequence, StrictJson.object());
    }

    private double open() {
        return registry.get("seqthink.streams.open").gauge().value();
    }

    private double cut() {
        return registry.get("seqthink.streams.cut").counter().count();
    }

    private Socket ask() throws IOException {
        Socket socket = new Socket();
        sockets.add(socket);
        socket.setReceiveBufferSize(16 * 1024);
        socket.setSoTimeout(20_000);
        socket.connect(new InetSocketAddress("127.0.0.1", server.actualPort()));
        socket.getOutputStream()
                .write(
                        "GET / HTTP/1.1\r\nHost: door\r\nConnection: close\r\n\r\n"
                                .getBytes(US_ASCII));
        return socket;
    }

    private static void count(Socket socket, AtomicLong received) {
        byte[] buffer = new byte[LARGE];
        try {
            for (int n = 0; n >= 0; n = socket.getInputStream().read(buffer)) {
                received.addAndGet(n);
            }
        } catch (IOException e) {
            // closed by the test
        }
    }

    /** The events until the end of the connection, each with its id. */
    private static List<String> events(Socket socket) throws IOException {
        return EVENT.matcher(unchunked(new BufferedInputStream(socket.getInputStream())))
                .results()
                .map(event -> word(event.group(2)) + " " + event.group(1))
                .toList();
    }

    private static String word(String data) {
        return new String(Base64.getDecoder().decode(data), US_ASCII).replace("#", "");
    }

    // RFC 9112 section 7.1, without trailers
    private static String unchunked(InputStream in) throws IOException {
        while (!line(in).isEmpty()) {
            // the head
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (String size = line(in); !size.isEmpty(); size = line(in)) {
            body.write(in.readNBytes(Integer.parseInt(size, 16)));
            line(in);
        }
        return body.toString(US_ASCII);
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
            line.append((char) next);
        }
        return line.toString().strip();
    }
}

package services.chorus.seqthink.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.smallrye.mutiny.Multi;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.pipeline.ThoughtStream;
import services.chorus.seqthink.policy.Caller;
import services.chorus.seqthink.policy.Verdict;
import services.chorus.seqthink.protocol.StreamEvent;
import services.chorus.seqthink.protocol.StreamEvent.End;
import services.chorus.seqthink.protocol.StreamEvent.Open;
import services.chorus.seqthink.protocol.StreamEvent.Reason;
import services.chorus.seqthink.protocol.StreamEvent.Thought;
import services.chorus.seqthink.telemetry.Meters;

/** Streams on real sockets, with less patience than usual. Events are shown as plain text. */
class SealedStreamTest {

    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final long UNSEALABLE = Long.MAX_VALUE;
    private static final int LARGE = 256 * 1024;
    private static final Pattern EVENT = Pattern.compile("id: (\\d+)\ndata: ([a-z-]+)");

    private final Vertx vertx = Vertx.vertx();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final LiveStreams live = new LiveStreams(new Meters(registry));
    private final AtomicLong taken = new AtomicLong();
    private final AtomicLong begun = new AtomicLong();
    private final List<String> ended = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private Multi<StreamEvent> thoughts = Multi.createFrom().nothing();
    private Patience patience = new Patience(LONG, LONG, LONG);
    private Optional<Duration> life = Optional.empty();
    private String token = "a token";
    private boolean refusedBeforeItBegins;
    private int dataBytes = 10;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();

    @BeforeEach
    void listen() throws Exception {
        server =
                vertx.createHttpServer()
                        .requestHandler(this::stream)
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
        await().until(() -> ended.size() == begun.get()); // each is told once
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @Test
    void sendsWhatThereIsInOrderAndThenTheEnd() throws Exception {
        thoughts = Multi.createFrom().items(thought(1), thought(2), new End("e", 2, Reason.LOST));
        assertThat(events(ask())).containsExactly("open 0", "thought 1", "thought 2", "lost 2");
    }

    @Test
    void sendsEventsLargerThanAnySocketTakesAtOnce() throws Exception {
        dataBytes = 6 * 1024 * 1024;
        thoughts = Multi.createFrom().items(thought(1), thought(2), new End("e", 2, Reason.LOST));
        assertThat(events(ask())).containsExactly("open 0", "thought 1", "thought 2", "lost 2");
    }

    @Test
    void keepsAQuietStreamAlive() throws Exception {
        patience = new Patience(Duration.ofMillis(20), LONG, LONG);
        InputStream stream = ask().getInputStream();
        StringBuilder received = new StringBuilder();
        while (!received.toString().matches("(?s).*(: keep-alive.*){3}")) {
            received.append((char) stream.read());
        }
    }

    @Test
    void endsWithItsLife() throws Exception {
        life = Optional.of(SHORT);
        assertThat(events(ask())).containsExactly("open 0", "token-expired 0");
    }

    @ParameterizedTest
    @EnumSource(
            value = services.chorus.seqthink.policy.Reason.class,
            names = {"REVOKED", "UNKNOWN_KEY"})
    void endsOnceItsTokenIsRefusedAndNoOtherDoes(services.chorus.seqthink.policy.Reason reason)
            throws Exception {
        Verdict unknown = new Verdict.KeysUnavailable();
        Map<String, Verdict> verdicts = new ConcurrentHashMap<>(Map.of("one", unknown));
        RevokedStreams revoked =
                new RevokedStreams(
                        live,
                        () -> asked -> verdicts.getOrDefault(asked, unknown),
                        Duration.ofMillis(20));
        revoked.start();
        try {
            token = "one";
            Socket one = ask();
            await().until(() -> open() == 1);
            token = "other";
            ask();
            await().until(() -> open() == 2);

            verdicts.put(
                    "other", new Verdict.Refused(services.chorus.seqthink.policy.Reason.EXPIRED));
            verdicts.put("one", new Verdict.Refused(reason));

            assertThat(events(one)).containsExactly("open 0", "token-revoked 0");
            await().during(SHORT).until(() -> open() == 1);
        } finally {
            revoked.stop();
        }
    }

    @Test
    void endsAtOnceWhereItsTokenWasRefusedBeforeItBegan() throws Exception {
        refusedBeforeItBegins = true;
        assertThat(events(ask())).containsExactly("open 0", "token-revoked 0");
    }

    @Test
    void endsWithTheService() throws Exception {
        Socket socket = ask();
        await().until(() -> open() == 1);
        live.end(new ShutdownDelayInitiatedEvent());
        assertThat(events(socket)).containsExactly("open 0", "shutdown 0");
    }

    @Test
    void cutsOffAReaderThatTakesNothingAndNobodyElse() throws Exception {
        patience = new Patience(LONG, SHORT, SHORT);
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
    void tellsAReaderThatWakesUpInTimeWhyItWasCutOff() throws Exception {
        patience = new Patience(LONG, SHORT, LONG);
        dataBytes = LARGE;
        thoughts = endless();
        Socket slow = ask();
        await().until(() -> cut() == 1);

        List<String> events = events(slow);
        assertThat(events.getLast()).isEqualTo("too-slow " + (events.size() - 2));
    }

    @Test
    void takesNoMoreThoughtsThanTheSocketDoes() throws Exception {
        patience = new Patience(LONG, SHORT, LONG);
        dataBytes = LARGE;
        thoughts = endless();
        ask();
        await().until(() -> cut() == 1);

        assertThat(taken.get() * LARGE).isPositive().isLessThan(32L * 1024 * 1024);
    }

    @Test
    void stopsAskingForThoughtsWhenTheReaderIsGone() throws Exception {
        AtomicLong followers = new AtomicLong();
        thoughts =
                Multi.createFrom()
                        .<StreamEvent>nothing()
                        .onSubscription()
                        .invoke(() -> followers.incrementAndGet())
                        .onTermination()
                        .invoke(() -> followers.decrementAndGet());
        Socket socket = ask();
        await().until(() -> followers.get() == 1 && open() == 1);
        socket.close();
        await().until(() -> followers.get() == 0 && open() == 0);
    }

    @Test
    void breaksOffWithoutAnEndWhereAThoughtCannotBeSealed() throws Exception {
        thoughts = Multi.createFrom().items(thought(1), thought(UNSEALABLE));
        assertThat(events(ask())).containsExactly("open 0", "thought 1");
        await().until(() -> open() == 0);
    }

    private void stream(HttpServerRequest request) {
        begun.incrementAndGet();
        LiveStreams.Place place =
                live.take(new Caller("issuer", Caller.Kind.SUBJECT, "caller"), Optional.of(token));
        if (refusedBeforeItBegins) {
            live.end(token, Reason.TOKEN_REVOKED);
        }
        request.response().endHandler(over -> place.leave());
        request.response().closeHandler(over -> place.leave());
        new SealedStream(
                        request,
                        Vertx.currentContext(),
                        place,
                        new ThoughtStream.Begun(
                                new Open("e", 0, Optional.empty(), false), thoughts),
                        this::frame,
                        life,
                        patience,
                        ended::add)
                .start();
    }

    private byte[] frame(StreamEvent event) {
        if (event.sequence() == UNSEALABLE) {
            throw new IllegalStateException("cannot be sealed");
        }
        String data =
                event instanceof End end
                        ? end.reason().code()
                        : event.name() + "#".repeat(event instanceof Open ? 0 : dataBytes);
        return "id: %d\ndata: %s\n\n".formatted(event.sequence(), data).getBytes(US_ASCII);
    }

    private Multi<StreamEvent> endless() {
        return Multi.createBy()
                .repeating()
                .supplier(() -> thought(taken.incrementAndGet()))
                .indefinitely();
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

    /** The events up to the end of the connection, each with its id. */
    private static List<String> events(Socket socket) throws IOException {
        return EVENT.matcher(unchunked(new BufferedInputStream(socket.getInputStream())))
                .results()
                .map(event -> event.group(2) + " " + event.group(1))
                .toList();
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

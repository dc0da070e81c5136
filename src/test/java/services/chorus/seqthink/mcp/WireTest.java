package services.chorus.seqthink.mcp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.mutiny.TimeoutException;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.mcp.UpstreamException.Kind;
import services.chorus.seqthink.testing.LogWatch;

@QuarkusTest
@TestProfile(QuarkusForUpstreams.class)
class WireTest {

    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final int MAX_REPLY_BYTES = 1_000;
    private static final String EVENTS =
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Test
    void sendsWhatIsAskedOfItAndNoMore() throws Exception {
        try (RawPeer peer = RawPeer.that(json("{}"))) {
            first(peer).await().atMost(PATIENCE);

            assertThat(peer.request().get().toLowerCase())
                    .startsWith("post /mcp http/1.1\r\n")
                    .contains("accept: application/json, text/event-stream\r\n")
                    .contains("content-type: application/json\r\n")
                    .contains("mcp-session-id: s\r\n")
                    .doesNotContain("mcp-protocol-version", "seqthink-caller")
                    .endsWith("\r\n\r\n{\"ask\":1}");
        }
    }

    @Test
    void readsAWholeBody() throws Exception {
        try (RawPeer peer = RawPeer.that(json("{\"a\":1}"))) {
            assertThat(first(peer).await().atMost(PATIENCE)).isEqualTo("{\"a\":1}");
        }
    }

    @Test
    void readsNothingOfAnEmptyReply() throws Exception {
        try (RawPeer peer = RawPeer.that("HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n")) {
            assertThat(first(peer).await().atMost(PATIENCE)).isNull();
        }
    }

    @Test
    void closesAnEventStreamThatStaysOpenAfterTheAnswer() throws Exception {
        try (RawPeer peer = RawPeer.that(EVENTS + "data: 1\n\ndata: 2\n\n")) {
            assertThat(first(peer).await().atMost(PATIENCE)).isEqualTo("1");

            peer.closed().get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void passesOverDocumentsThatAreNotWanted() throws Exception {
        try (RawPeer peer = RawPeer.that(EVENTS + "data: 1\n\ndata: 2\n\n")) {
            Uni<String> second = read(peer, document -> document.equals("2"));

            assertThat(second.await().atMost(PATIENCE)).isEqualTo("2");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
                "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: half",
                "HTTP/1.1 500 Broken\r\nContent-Length: 10\r\n\r\nhalf"
            })
    void closesTheConnectionWhenCancelled(String soFar) throws Exception {
        try (RawPeer peer = RawPeer.that(soFar);
                LogWatch log = new LogWatch()) {
            Cancellable call = first(peer).subscribe().with(reply -> {}, failure -> {});
            peer.request().get(20, TimeUnit.SECONDS);
            assertThat(peer.closed()).isNotDone();

            call.cancel();

            peer.closed().get(20, TimeUnit.SECONDS);
            assertThat(log.lines()).isEmpty();
        }
    }

    @Test
    void keepsNoConnectionOfHealthChecksThatWereGivenUp() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(LOOPBACK, 0), 500);
        CountDownLatch done = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        server.createContext(
                "/health",
                exchange -> {
                    asked.incrementAndGet();
                    await(done);
                    exchange.close();
                });
        server.createContext(
                "/mcp/tool", exchange -> McpPeer.send(exchange, 200, "application/json", "{}"));
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
        try (LogWatch log = new LogWatch()) {
            URI base = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
            Wire wire = new Wire(base, PATIENCE.multipliedBy(2), MAX_REPLY_BYTES);
            List<Cancellable> checks =
                    IntStream.range(0, 300)
                            .mapToObj(check -> wire.health().subscribe().with(ok -> {}, no -> {}))
                            .toList();
            Awaitility.await().atMost(PATIENCE).until(() -> asked.get() >= 200);

            checks.forEach(Cancellable::cancel);

            assertThat(
                            wire.first(
                                            new Exchange("{}".getBytes(UTF_8)),
                                            wire.routes()::tool,
                                            reply -> Optional.of(new String(reply, UTF_8)))
                                    .await()
                                    .atMost(PATIENCE))
                    .isEqualTo("{}");
            assertThat(log.lines()).isEmpty();
        } finally {
            done.countDown();
            server.stop(0);
        }
    }

    @Test
    void asksForHealthWithoutABody() throws Exception {
        try (RawPeer peer = RawPeer.that("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK")) {
            new Wire(peer.uri(), PATIENCE, MAX_REPLY_BYTES).health().await().atMost(PATIENCE);

            assertThat(peer.request().get().toLowerCase())
                    .startsWith("get /health http/1.1\r\n")
                    .endsWith("\r\n\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n",
                "HTTP/1.1 200 OK\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n: ",
                "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: "
            })
    void readsNoReplyOverTheLimit(String head) throws Exception {
        try (RawPeer peer = RawPeer.that(head + "x".repeat(MAX_REPLY_BYTES + 1))) {
            assertThatExceptionOfType(UpstreamException.class)
                    .isThrownBy(() -> first(peer).await().atMost(PATIENCE))
                    .extracting(UpstreamException::kind)
                    .isEqualTo(Kind.REPLY_TOO_LARGE);

            peer.closed().get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void readsAReplyOfExactlyTheLimit() throws Exception {
        String largest = "1".repeat(MAX_REPLY_BYTES);
        try (RawPeer peer = RawPeer.that(json(largest))) {
            assertThat(first(peer).await().atMost(PATIENCE)).isEqualTo(largest);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 307, 400, 404, 500, 503})
    void takesNoOtherStatusThanSuccess(int status) throws Exception {
        String head =
                "HTTP/1.1 %d No\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 4\r\n\r\n";
        try (RawPeer peer = RawPeer.that(head.formatted(status) + "text")) {
            assertThatExceptionOfType(RefusedException.class)
                    .isThrownBy(() -> first(peer).await().atMost(PATIENCE))
                    .extracting(RefusedException::status)
                    .isEqualTo(status);
        }
    }

    @Test
    void readsNoEndlessRefusal() throws Exception {
        RawPeer.Script endless =
                out -> {
                    out.write("HTTP/1.1 500 No\r\n\r\n".getBytes(UTF_8));
                    while (true) {
                        out.write(new byte[1_000]);
                    }
                };
        try (RawPeer peer = RawPeer.plays(endless)) {
            assertThatThrownBy(() -> first(peer).await().atMost(PATIENCE)).isNotNull();

            peer.closed().get(20, TimeUnit.SECONDS);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"
                        + "Content-Type: text/event-stream\r\n\r\n2\r\nda\r\n"
            })
    void failsWhenTheConnectionBreaks(String soFar) throws Exception {
        try (RawPeer peer = RawPeer.thatHangsUpAfter(soFar)) {
            assertThatThrownBy(() -> first(peer).await().atMost(PATIENCE))
                    .isNotInstanceOf(TimeoutException.class);
        }
    }

    @Test
    void logsNothingOfWhatIsNoHttp() throws Exception {
        try (RawPeer peer = RawPeer.thatHangsUpAfter("SECRET-2.0\r\n\r\n");
                LogWatch log = new LogWatch()) {
            assertThatThrownBy(() -> first(peer).await().atMost(PATIENCE))
                    .isNotInstanceOf(TimeoutException.class);

            peer.closed().get(20, TimeUnit.SECONDS);
            assertThat(log.lines()).isEmpty();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String json(String body) {
        return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(body.length(), body);
    }

    private static Uni<String> first(RawPeer peer) {
        return read(peer, document -> true);
    }

    private static Uni<String> read(RawPeer peer, Predicate<String> wanted) {
        Wire wire = new Wire(peer.uri(), PATIENCE, MAX_REPLY_BYTES);
        return wire.first(
                new Exchange("{\"ask\":1}".getBytes(UTF_8)),
                exchange -> wire.routes().message("s", null, null, exchange),
                bytes -> Optional.of(new String(bytes, UTF_8)).filter(wanted));
    }
}

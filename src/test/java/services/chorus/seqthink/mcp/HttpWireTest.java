package services.chorus.seqthink.mcp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.mcp.Message.Notification;
import services.chorus.seqthink.testing.FaultyServer;
import services.chorus.seqthink.testing.LogWatch;

@QuarkusTest
@TestProfile(QuarkusForUpstreams.class)
class HttpWireTest {

    private static final int MAX_REPLY_BYTES = 1_000;
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Message ASK = new Notification("ask", Optional.empty());
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK";

    @Test
    void sendsTheMessageWithSessionAndRevision() throws Exception {
        McpSessions.Session session =
                new McpSessions.Session(Optional.of("s"), ProtocolVersion.V2025_06_18);
        try (RawPeer peer = RawPeer.replying(OK)) {
            wire(peer).message(session, ASK).awaitEnd(Deadline.in(PATIENCE));

            assertThat(peer.request().get().toLowerCase())
                    .startsWith("post /mcp http/1.1\r\n")
                    .contains("accept: application/json, text/event-stream\r\n")
                    .contains("content-type: application/json\r\n")
                    .contains("mcp-session-id: s\r\n")
                    .contains("mcp-protocol-version: 2025-06-18\r\n")
                    .doesNotContain("seqthink-caller")
                    .endsWith("\r\n\r\n{\"jsonrpc\":\"2.0\",\"method\":\"ask\"}");
        }
    }

    @Test
    void sendsNoSessionOrRevisionWithInitialize() throws Exception {
        try (RawPeer peer = RawPeer.replying(OK)) {
            wire(peer).initialize(ASK).awaitEnd(Deadline.in(PATIENCE));

            assertThat(peer.request().get().toLowerCase())
                    .startsWith("post /mcp http/1.1\r\n")
                    .doesNotContain("mcp-session-id", "mcp-protocol-version")
                    .endsWith("\r\n\r\n{\"jsonrpc\":\"2.0\",\"method\":\"ask\"}");
        }
    }

    @Test
    void requestsHealthWithoutABody() throws Exception {
        try (RawPeer peer = RawPeer.replying(OK)) {
            wire(peer).health().awaitEnd(Deadline.in(PATIENCE));

            assertThat(peer.request().get().toLowerCase())
                    .startsWith("get /health http/1.1\r\n")
                    .endsWith("\r\n\r\n");
        }
    }

    @Test
    void closesConnectionsOfCancelledHealthChecks() throws Exception {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 500);
        CountDownLatch done = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        server.createContext(
                "/health",
                exchange -> {
                    asked.incrementAndGet();
                    FaultyServer.await(done);
                    exchange.close();
                });
        server.createContext(
                "/mcp/tool", exchange -> McpPeer.send(exchange, 200, "application/json", "{}"));
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
        try (LogWatch log = new LogWatch()) {
            URI base = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
            HttpWire wire = new HttpWire(base, PATIENCE.multipliedBy(2), MAX_REPLY_BYTES);
            List<HttpExchange> checks =
                    IntStream.range(0, 300).mapToObj(check -> wire.health()).toList();
            Awaitility.await().atMost(PATIENCE).until(() -> asked.get() >= 200);

            checks.forEach(HttpExchange::close);

            HttpExchange call = wire.tool("{}".getBytes(UTF_8));
            assertThat(call.next(Deadline.in(PATIENCE)).map(body -> new String(body, UTF_8)))
                    .hasValue("{}");
            assertThat(log.lines()).isEmpty();
        } finally {
            done.countDown();
            server.stop(0);
        }
    }

    private static HttpWire wire(RawPeer peer) {
        return new HttpWire(peer.uri(), PATIENCE, MAX_REPLY_BYTES);
    }
}

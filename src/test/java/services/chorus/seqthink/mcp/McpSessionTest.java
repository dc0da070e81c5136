package services.chorus.seqthink.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static services.chorus.seqthink.mcp.Messages.json;

import com.sun.net.httpserver.HttpExchange;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.mcp.Message.Request;
import services.chorus.seqthink.mcp.ToolReply.Result;
import services.chorus.seqthink.mcp.UpstreamException.Kind;

@QuarkusTest
@TestProfile(QuarkusForUpstreams.class)
class McpSessionTest extends WithMcpPeer {

    @Inject Vertx vertx;

    @Test
    void callsTheToolInANewSession() throws Exception {
        peer.speaks("2025-06-18").does((exchange, request) -> echo(exchange, request));

        ToolReply reply = call("alice");

        assertThat(reply).isEqualTo(new Result(json("{'name':'tool','arguments':{'a':1}}")));
        assertThat(peer.received("initialize"))
                .singleElement()
                .satisfies(
                        first -> {
                            assertThat(first.header("Mcp-session-id")).isEmpty();
                            assertThat(
                                            first.message()
                                                    .tree()
                                                    .at("/params/protocolVersion")
                                                    .asText())
                                    .isEqualTo("2025-11-25");
                        });
        for (String method : List.of("notifications/initialized", "tools/call")) {
            assertThat(peer.received(method))
                    .singleElement()
                    .satisfies(
                            later -> {
                                assertThat(later.header("Mcp-session-id")).isEqualTo("session-1");
                                assertThat(later.header("Mcp-protocol-version"))
                                        .isEqualTo("2025-06-18");
                                assertThat(later.header("Seqthink-caller")).isEmpty();
                            });
        }
    }

    @Test
    void keepsOneSessionForEachHistory() throws Exception {
        peer.does((exchange, request) -> echo(exchange, request));

        for (String name : List.of("alice", "bob", "alice", "bob", "alice")) {
            call(name);
        }

        assertThat(peer.received("tools/call"))
                .extracting(call -> call.header("Mcp-session-id"))
                .containsExactly("session-1", "session-2", "session-1", "session-2", "session-1");
    }

    @Test
    void sharesOneSessionBetweenConcurrentCalls() throws Exception {
        peer.does((exchange, request) -> echo(exchange, request));

        List<Future<ToolReply>> calls =
                IntStream.range(0, 20).mapToObj(each -> calling("alice")).toList();
        for (Future<ToolReply> call : calls) {
            assertThat(call.get()).isInstanceOf(Result.class);
        }

        assertThat(peer.received("initialize")).hasSize(1);
        assertThat(peer.received("tools/call"))
                .extracting(call -> ((Request) call.message()).id())
                .hasSize(20)
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 400})
    void beginsANewSessionWhenTheServerLostTheOldOne(int status) throws Exception {
        peer.does((exchange, request) -> echo(exchange, request));
        call("alice");
        peer.forget(status);

        assertThat(call("alice")).isInstanceOf(Result.class);

        assertThat(peer.received("initialize")).hasSize(2);
        assertThat(peer.received("tools/call"))
                .extracting(call -> call.header("Mcp-session-id"))
                .containsExactly("session-1", "session-1", "session-2");
    }

    @Test
    void beginsANewSessionOnlyOncePerCall() {
        peer.does((exchange, request) -> McpPeer.send(exchange, 404, "text/plain", "gone"));

        assertThat(failure("alice")).isEqualTo(Kind.BROKEN_REPLY);
        assertThat(failure("alice")).isEqualTo(Kind.BROKEN_REPLY);

        assertThat(peer.received("initialize")).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-07-28", "1999-01-01", ""})
    void rejectsAnUnknownRevision(String version) {
        peer.speaks(version);

        assertThat(failure("alice")).isEqualTo(Kind.BROKEN_REPLY);
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 405, 501})
    void reportsNoMcpForAMissingRoute(int status) throws Exception {
        String refusal = "HTTP/1.1 %d No\r\nContent-Length: 6\r\n\r\nSECRET".formatted(status);

        try (RawPeer other = RawPeer.replying(refusal)) {
            upstream = upstream(other.uri(), PATIENCE);
            assertThat(failure("alice")).isEqualTo(Kind.NOT_SUPPORTED);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"SECRET", "[]", "{\"jsonrpc\":\"2.0\"}"})
    void reportsNoMcpForAMalformedFirstAnswer(String body) throws Exception {
        String reply = "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s";

        try (RawPeer other = RawPeer.replying(reply.formatted(body.length(), body))) {
            upstream = upstream(other.uri(), PATIENCE);
            assertThat(failure("alice")).isEqualTo(Kind.NOT_SUPPORTED);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"400 Bad Request", "401 Unauthorized", "500 Broken", "200 OK"})
    void reportsABrokenReplyForOtherStatuses(String status) throws Exception {
        String refusal = "HTTP/1.1 %s\r\nContent-Length: 0\r\n\r\n".formatted(status);

        try (RawPeer other = RawPeer.replying(refusal)) {
            upstream = upstream(other.uri(), PATIENCE);
            assertThat(failure("alice")).isEqualTo(Kind.BROKEN_REPLY);
        }
    }

    @Test
    void endsAnIdleSession() throws Exception {
        AtomicLong nanos = withClock();
        peer.does((exchange, request) -> echo(exchange, request));
        call("alice");
        assertThat(peer.isLive("session-1")).isTrue();

        nanos.addAndGet(Duration.ofHours(2).toNanos());
        call("bob");

        await().atMost(PATIENCE).until(() -> !peer.isLive("session-1"));
        assertThat(peer.isLive("session-2")).isTrue();
    }

    @Test
    void keepsANewSessionWhenAnOlderHandshakeFails() throws Exception {
        AtomicLong nanos = withClock();
        CompletableFuture<Void> release = new CompletableFuture<>();
        peer.refusesNextSession(release).does((exchange, request) -> echo(exchange, request));
        Future<ToolReply> older = calling("alice");
        await().atMost(PATIENCE).until(() -> !peer.received("initialize").isEmpty());
        nanos.addAndGet(Duration.ofHours(2).toNanos());
        call("alice");

        release.complete(null);
        assertThat(older).failsWithin(PATIENCE);
        call("alice");

        assertThat(peer.received("initialize")).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 500})
    void keepsItsConnectionBetweenCalls(int status) {
        failure("alice"); // begins the session, which may take several connections
        awaitIdleConnections();
        Set<Integer> ports = ConcurrentHashMap.newKeySet();
        peer.does(
                (exchange, request) -> {
                    ports.add(exchange.getRemoteAddress().getPort());
                    McpPeer.send(exchange, status, "application/json", "{}");
                });

        for (int call = 0; call < 20; call++) {
            failure("alice");
            awaitIdleConnections();
        }

        assertThat(ports).hasSize(1);
    }

    /** A connection returns to the pool in the event loop task that delivers its response's end. */
    private void awaitIdleConnections() {
        ((VertxInternal) vertx)
                .getEventLoopGroup()
                .forEach(loop -> loop.submit(() -> {}).syncUninterruptibly());
    }

    @Test
    void isHealthyWhenTheServerAnswersAPing() throws Exception {
        AtomicLong nanos = withClock();

        upstream.check();
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        upstream.check();

        assertThat(peer.received("ping")).hasSize(2);
        assertThat(peer.received("initialize")).hasSize(1);
    }

    @Test
    void reconnectsAfterARestart() throws Exception {
        peer.does((exchange, request) -> echo(exchange, request));
        call("alice");
        int port = peer.uri().getPort();

        peer.close();
        assertThat(failure("alice")).isEqualTo(Kind.UNREACHABLE);
        assertThat(Failures.kind(upstream::check)).isEqualTo(Kind.UNREACHABLE);

        peer = new McpPeer(port).does((exchange, request) -> echo(exchange, request));
        assertThat(call("alice")).isInstanceOf(Result.class);
        await().atMost(PATIENCE).ignoreExceptions().untilAsserted(upstream::check);
    }

    /** Puts the upstream under a clock of the test's own. */
    private AtomicLong withClock() {
        AtomicLong nanos = new AtomicLong();
        upstream =
                new HttpUpstream(peer.uri(), Protocol.MCP, PATIENCE, MAX_REPLY_BYTES, nanos::get);
        return nanos;
    }

    private static void echo(HttpExchange exchange, Request request) throws IOException {
        boolean call = request.method().equals("tools/call");
        String result =
                call ? "{\"structuredContent\":" + request.params().orElseThrow() + "}" : "{}";
        McpPeer.result(exchange, request, result);
    }
}

package services.chorus.seqthink.mcp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.mcp.ToolReply.Result;
import services.chorus.seqthink.mcp.ToolReply.ToolFailed;
import services.chorus.seqthink.mcp.UpstreamException.Kind;
import services.chorus.seqthink.policy.Caller;

@QuarkusTest
@TestProfile(QuarkusForUpstreams.class)
class HttpUpstreamTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final AtomicReference<JsonNode> asked = new AtomicReference<>();
    private HttpServer plain;
    private int port;
    private Upstream upstream;

    @BeforeEach
    void start() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        upstream = upstream(Protocol.AUTO);
    }

    @AfterEach
    void stop() {
        if (plain != null) {
            plain.stop(0);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"AUTO", "PLAIN"})
    void speaksThePlainContract(Protocol protocol) throws IOException {
        startPlain(200, "{\"result\":{\"one\":1}}");

        assertThat(call(upstream(protocol))).isEqualTo(new Result(json("{'one':1}")));
        assertThat(asked.get()).isEqualTo(json("{'tool':'tool','payload':{'a':1}}"));
        upstream(protocol).health().await().atMost(PATIENCE);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "{'error':'too bad'}|too bad|'too bad'",
                "{'result':{},'error':{'message':'too bad'}}|too bad|{'message':'too bad'}",
                "{'result':null,'error':{'code':1}}||{'code':1}"
            },
            delimiter = '|')
    void passesOnWhatTheToolSaysWentWrong(String reply, String message, String error)
            throws IOException {
        startPlain(200, reply.replace('\'', '"'));

        assertThat(call(upstream))
                .isEqualTo(
                        new ToolFailed(message == null ? "" : message, Optional.of(json(error))));
    }

    @Test
    void takesANullErrorForNone() throws IOException {
        startPlain(200, "{\"result\":7,\"error\":null}");

        assertThat(call(upstream)).isEqualTo(new Result(IntNode.valueOf(7)));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {"200|{}", "200|SECRET", "200|[]", "200|``", "500|SECRET", "404|SECRET"})
    void takesNothingElseForAReply(int status, String reply) throws IOException {
        startPlain(status, reply);

        assertThat(failure(upstream(Protocol.AUTO))).isEqualTo(Kind.BROKEN_REPLY);
        assertThat(failure(upstream(Protocol.PLAIN))).isEqualTo(Kind.BROKEN_REPLY);
    }

    @Test
    void asksForMcpOnceOnlyWhileThePlainContractHolds() throws IOException {
        startPlain(200, "{\"result\":1}");
        call(upstream);
        plain.removeContext("/health");

        assertThat(call(upstream)).isInstanceOf(Result.class);
    }

    @Test
    void isNotHealthyWhereNobodyListensOrNothingIsSpoken() throws IOException {
        assertThat(failure(upstream.health())).isEqualTo(Kind.UNREACHABLE);
        assertThat(failure(upstream)).isEqualTo(Kind.UNREACHABLE);

        startPlain(200, "{}");
        plain.removeContext("/health");
        assertThat(failure(upstream(Protocol.AUTO).health())).isEqualTo(Kind.BROKEN_REPLY);
        assertThat(failure(upstream)).isEqualTo(Kind.BROKEN_REPLY);
    }

    @Test
    void findsOutAgainWhenTheServerIsStartedLateAndReplaced() throws IOException {
        assertThat(failure(upstream)).isEqualTo(Kind.UNREACHABLE);

        startPlain(200, "{\"result\":\"plain\"}");
        assertThat(call(upstream)).isEqualTo(new Result(json("'plain'")));
        plain.stop(0);
        assertThat(failure(upstream)).isEqualTo(Kind.UNREACHABLE);

        McpPeer.Behaviour says =
                (exchange, request) ->
                        McpPeer.result(exchange, request, "{\"structuredContent\":{\"mcp\":true}}");
        try (McpPeer mcp = new McpPeer(port).does(says)) {
            assertThat(call(upstream)).isEqualTo(new Result(json("{'mcp':true}")));
            assertThat(mcp.received("tools/call")).hasSize(1);
        }
        assertThat(failure(upstream)).isEqualTo(Kind.UNREACHABLE);

        startPlain(200, "{\"result\":\"plain\"}");
        assertThat(call(upstream)).isEqualTo(new Result(json("'plain'")));
    }

    @Test
    void speaksMcpOnlyWhenTold() throws IOException {
        startPlain(200, "{\"result\":1}");

        assertThat(failure(upstream(Protocol.MCP))).isEqualTo(Kind.BROKEN_REPLY);
    }

    @Test
    void holdsTheDeadlineWhileFindingOut() throws Exception {
        try (RawPeer hanging = RawPeer.that("")) {
            Upstream slow = upstream(hanging.uri(), Protocol.AUTO, Duration.ofMillis(500));

            assertThat(failure(slow)).isEqualTo(Kind.TIMEOUT);
            assertThat(hanging.request()).isDone();
        }
    }

    @Test
    void readsNoEndlessHealth() throws Exception {
        RawPeer.Script endless =
                out -> {
                    out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(UTF_8));
                    while (true) {
                        out.write(new byte[1_000]);
                    }
                };
        try (RawPeer peer = RawPeer.plays(endless)) {
            Upstream endlessly = upstream(peer.uri(), Protocol.PLAIN, PATIENCE);

            assertThatExceptionOfType(UpstreamException.class)
                    .isThrownBy(() -> endlessly.health().await().atMost(PATIENCE));
            peer.closed().get();
        }
    }

    @Test
    void sharesOneHealthCheckAndItsOutcomeForASecond() throws IOException {
        AtomicLong nanos = new AtomicLong();
        AtomicInteger checks = new AtomicInteger();
        CompletableFuture<Void> release = new CompletableFuture<>();
        AtomicInteger status = new AtomicInteger(500);
        startPlain(200, "{}");
        plain.removeContext("/health");
        plain.createContext(
                "/health",
                exchange -> {
                    checks.incrementAndGet();
                    release.join();
                    McpPeer.send(exchange, status.get(), "text/plain", "");
                });
        Upstream shared =
                new HttpUpstream(
                        new UpstreamOptions(
                                URI.create("http://127.0.0.1:" + port),
                                Protocol.PLAIN,
                                PATIENCE,
                                100_000,
                                Optional.empty()),
                        nanos::get);

        CompletableFuture<Void> first = shared.health().subscribeAsCompletionStage();
        nanos.addAndGet(Duration.ofSeconds(3).toNanos());
        CompletableFuture<Void> second = shared.health().subscribeAsCompletionStage();
        release.complete(null);
        assertThat(first).failsWithin(PATIENCE);
        assertThat(second).failsWithin(PATIENCE);
        status.set(200);
        assertThat(failure(shared.health())).isEqualTo(Kind.BROKEN_REPLY);
        assertThat(checks).hasValue(1);

        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        shared.health().await().atMost(PATIENCE);
        shared.health().await().atMost(PATIENCE);
        assertThat(checks).hasValue(2);
    }

    private void startPlain(int status, String reply) throws IOException {
        plain =
                HttpServer.create(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 50);
        plain.createContext("/", exchange -> McpPeer.send(exchange, 404, "text/plain", "no"));
        plain.createContext("/health", exchange -> McpPeer.send(exchange, 200, "text/plain", "OK"));
        plain.createContext("/mcp/tool", exchange -> tool(exchange, status, reply));
        plain.start();
    }

    private void tool(HttpExchange exchange, int status, String reply) throws IOException {
        asked.set(StrictJson.parse(exchange.getRequestBody().readAllBytes()).orElseThrow());
        McpPeer.send(exchange, status, "application/json", reply);
    }

    private Upstream upstream(Protocol protocol) {
        return upstream(URI.create("http://127.0.0.1:" + port), protocol, PATIENCE);
    }

    private static Upstream upstream(URI base, Protocol protocol, Duration deadline) {
        return new HttpUpstream(
                new UpstreamOptions(base, protocol, deadline, 100_000, Optional.empty()));
    }

    private static ToolReply call(Upstream upstream) {
        return upstream.call(toolCall()).await().atMost(PATIENCE);
    }

    private static Kind failure(Upstream upstream) {
        return failure(upstream.call(toolCall()));
    }

    private static Kind failure(Uni<?> work) {
        AtomicReference<Kind> kind = new AtomicReference<>();
        assertThatExceptionOfType(UpstreamException.class)
                .isThrownBy(() -> work.await().atMost(PATIENCE))
                .withMessageNotContaining("SECRET")
                .withNoCause()
                .satisfies(failure -> kind.set(failure.kind()));
        return kind.get();
    }

    private static ToolCall toolCall() {
        HistoryKey key = new HistoryKey(new Caller("issuer", Caller.Kind.SUBJECT, "a"), "age1");
        return new ToolCall(key, "tool", StrictJson.object().put("a", 1));
    }

    private static JsonNode json(String text) {
        return StrictJson.parse(text.replace('\'', '"').getBytes(UTF_8)).orElseThrow();
    }
}

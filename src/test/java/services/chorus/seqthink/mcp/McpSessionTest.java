package services.chorus.seqthink.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
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

    @Test
    void beginsASessionAndCallsTheToolInIt() {
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
    void keepsOneSessionForEachHistory() {
        peer.does((exchange, request) -> echo(exchange, request));

        List.of("alice", "bob", "alice", "bob", "alice").forEach(this::call);

        assertThat(peer.received("tools/call"))
                .extracting(call -> call.header("Mcp-session-id"))
                .containsExactly("session-1", "session-2", "session-1", "session-2", "session-1");
    }

    @Test
    void beginsOneSessionForCallsAtTheSameTime() {
        peer.does((exchange, request) -> echo(exchange, request));

        List<Uni<ToolReply>> calls =
                IntStream.range(0, 20).mapToObj(each -> upstream.call(toolCall("alice"))).toList();
        Uni.join().all(calls).andFailFast().await().atMost(PATIENCE);

        assertThat(peer.received("initialize")).hasSize(1);
        assertThat(peer.received("tools/call"))
                .extracting(call -> ((Request) call.message()).id())
                .hasSize(20)
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 400})
    void beginsANewSessionOnceWhenTheServerForgotTheOldOne(int status) {
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
    void doesNotBeginSessionsForever() {
        peer.does((exchange, request) -> McpPeer.send(exchange, 404, "text/plain", "gone"));

        assertThat(failure("alice")).isEqualTo(Kind.BROKEN_REPLY);
        assertThat(failure("alice")).isEqualTo(Kind.BROKEN_REPLY);

        assertThat(peer.received("initialize")).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-07-28", "1999-01-01", ""})
    void agreesOnNoRevisionItDoesNotSpeak(String version) {
        peer.speaks(version);

        assertThat(failure("alice")).isEqualTo(Kind.BROKEN_REPLY);
    }

    @Test
    void endsASessionThatNobodyUsed() {
        AtomicLong nanos = new AtomicLong();
        Wire wire = new Wire(peer.uri(), PATIENCE, MAX_REPLY_BYTES);
        upstream = new McpUpstream(wire, PATIENCE, Optional.empty(), nanos::get);
        peer.does((exchange, request) -> echo(exchange, request));
        call("alice");
        assertThat(peer.isLive("session-1")).isTrue();

        nanos.addAndGet(Duration.ofHours(2).toNanos());
        call("bob");

        await().atMost(PATIENCE).until(() -> !peer.isLive("session-1"));
        assertThat(peer.isLive("session-2")).isTrue();
    }

    @Test
    void keepsANewerSessionWhenAnOlderBeginningFails() {
        AtomicLong nanos = new AtomicLong();
        CompletableFuture<Void> release = new CompletableFuture<>();
        Wire wire = new Wire(peer.uri(), PATIENCE, MAX_REPLY_BYTES);
        upstream = new McpUpstream(wire, PATIENCE, Optional.empty(), nanos::get);
        peer.refusesNextSession(release).does((exchange, request) -> echo(exchange, request));
        CompletableFuture<ToolReply> older =
                upstream.call(toolCall("alice")).subscribeAsCompletionStage();
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
        Set<Integer> ports = ConcurrentHashMap.newKeySet();
        peer.does(
                (exchange, request) -> {
                    ports.add(exchange.getRemoteAddress().getPort());
                    McpPeer.send(exchange, status, "application/json", "{}");
                });

        IntStream.range(0, 20).forEach(each -> failure("alice"));

        assertThat(ports).hasSize(1);
    }

    @Test
    void isHealthyWhenTheServerAnswersAPing() {
        AtomicLong nanos = new AtomicLong();
        upstream =
                new HttpUpstream(
                        new UpstreamOptions(
                                peer.uri(),
                                Protocol.MCP,
                                PATIENCE,
                                MAX_REPLY_BYTES,
                                Optional.empty()),
                        nanos::get);
        upstream.health().await().atMost(PATIENCE);
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        upstream.health().await().atMost(PATIENCE);

        assertThat(peer.received("ping")).hasSize(2);
        assertThat(peer.received("initialize")).hasSize(1);
    }

    @Test
    void findsTheServerAgainAfterItWasAway() throws IOException {
        peer.does((exchange, request) -> echo(exchange, request));
        call("alice");
        int port = peer.uri().getPort();

        peer.close();
        assertThat(failure("alice")).isEqualTo(Kind.UNREACHABLE);
        assertThatExceptionOfType(UpstreamException.class)
                .isThrownBy(() -> upstream.health().await().atMost(PATIENCE));

        peer = new McpPeer(port).does((exchange, request) -> echo(exchange, request));
        assertThat(call("alice")).isInstanceOf(Result.class);
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .untilAsserted(() -> upstream.health().await().atMost(PATIENCE));
    }

    private static void echo(HttpExchange exchange, Request request) throws IOException {
        boolean call = request.method().equals("tools/call");
        String result =
                call ? "{\"structuredContent\":" + request.params().orElseThrow() + "}" : "{}";
        McpPeer.result(exchange, request, result);
    }
}

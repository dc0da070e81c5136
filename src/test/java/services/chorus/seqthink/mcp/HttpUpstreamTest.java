package services.chorus.seqthink.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static services.chorus.seqthink.mcp.Messages.json;

import com.sun.net.httpserver.HttpHandler;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import services.chorus.seqthink.mcp.ToolReply.Result;
import services.chorus.seqthink.mcp.UpstreamException.Kind;
import services.chorus.seqthink.state.History;

@QuarkusTest
@TestProfile(QuarkusForUpstreams.class)
class HttpUpstreamTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private PlainServer plain;
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
            plain.close();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"AUTO", "PLAIN"})
    void usesThePlainContract(Protocol protocol) throws Exception {
        startPlain(200, "{'result':{'one':1}}");
        Upstream spoken = upstream(protocol);

        assertThat(call(spoken)).isEqualTo(new Result(json("{'one':1}")));
        assertThat(plain.calls()).containsExactly(json("{'tool':'tool','payload':{'a':1}}"));
        spoken.check();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "200|{}|BROKEN_REPLY",
                "200|SECRET|BROKEN_REPLY",
                "200|[]|BROKEN_REPLY",
                "200|``|BROKEN_REPLY",
                "500|SECRET|BROKEN_REPLY",
                "404|SECRET|NOT_SUPPORTED"
            })
    void rejectsInvalidReplies(int status, String reply, Kind kind) throws Exception {
        startPlain(status, reply);

        assertThat(failure(upstream(Protocol.AUTO))).isEqualTo(kind);
        assertThat(failure(upstream(Protocol.PLAIN))).isEqualTo(kind);
    }

    @Test
    void detectsThePlainContractOnce() throws Exception {
        startPlain(200, "{'result':1}");
        call(upstream);
        plain.loseHealth();

        assertThat(call(upstream)).isInstanceOf(Result.class);
    }

    @Test
    void deliversNotificationsInEitherProtocol() throws Exception {
        Message told = Messages.message("{'jsonrpc':'2.0','method':'notifications/told'}");
        Channel channel = upstream.channel(new History("alice", "alice"));
        startPlain(200, "{'result':1}");
        assertThat(Messages.all(channel.send(told))).isEmpty();
        plain.close();

        assertThat(failure(upstream)).isEqualTo(Kind.UNREACHABLE);
        try (McpPeer mcp = new McpPeer(port)) {
            assertThat(Messages.all(channel.send(told))).isEmpty();
            assertThat(mcp.received("notifications/told")).hasSize(1);
        }
    }

    @Test
    void isUnhealthyWithoutAServerOrAKnownProtocol() throws Exception {
        assertThat(Failures.kind(upstream::check)).isEqualTo(Kind.UNREACHABLE);
        assertThat(failure(upstream)).isEqualTo(Kind.UNREACHABLE);

        startPlain(200, "{}");
        plain.loseHealth();
        assertThat(Failures.kind(upstream(Protocol.AUTO)::check)).isEqualTo(Kind.BROKEN_REPLY);
        assertThat(failure(upstream)).isEqualTo(Kind.BROKEN_REPLY);
    }

    @Test
    void detectsTheProtocolAgainWhenTheServerIsReplaced() throws Exception {
        assertThat(failure(upstream)).isEqualTo(Kind.UNREACHABLE);

        startPlain(200, "{'result':'plain'}");
        assertThat(call(upstream)).isEqualTo(new Result(json("'plain'")));
        plain.close();
        assertThat(failure(upstream)).isEqualTo(Kind.UNREACHABLE);

        McpPeer.Behaviour says =
                (exchange, request) ->
                        McpPeer.result(exchange, request, "{\"structuredContent\":{\"mcp\":true}}");
        try (McpPeer mcp = new McpPeer(port).does(says)) {
            assertThat(call(upstream)).isEqualTo(new Result(json("{'mcp':true}")));
            assertThat(mcp.received("tools/call")).hasSize(1);
        }
        assertThat(failure(upstream)).isEqualTo(Kind.UNREACHABLE);

        startPlain(200, "{'result':'plain'}");
        assertThat(call(upstream)).isEqualTo(new Result(json("'plain'")));
    }

    @Test
    void usesOnlyMcpIfConfigured() throws Exception {
        startPlain(200, "{'result':1}");

        assertThat(failure(upstream(Protocol.MCP))).isEqualTo(Kind.NOT_SUPPORTED);
        assertThat(Failures.kind(upstream(Protocol.MCP)::check)).isEqualTo(Kind.NOT_SUPPORTED);
        assertThat(plain.calls()).isEmpty();
    }

    @Test
    void keepsTheDeadlineDuringDetection() throws Exception {
        try (RawPeer hanging = RawPeer.replying("")) {
            Upstream slow = upstream(hanging.uri(), Protocol.AUTO, Duration.ofSeconds(2));

            assertThat(failure(slow)).isEqualTo(Kind.TIMEOUT);
            assertThat(hanging.request()).isDone();
        }
    }

    @Test
    void keepsOneDeadlineForDetectionAndCall() throws Exception {
        startPlain(200, "{}");
        CountDownLatch over = new CountDownLatch(1);
        plain.serve("/", late(over, 404, "no"));
        plain.serve("/health", late(over, 200, "OK"));
        plain.serve("/mcp/tool", late(over, 200, "{\"result\":1}"));
        Upstream slow = upstream(plain.uri(), Protocol.AUTO, Duration.ofSeconds(1));

        assertThat(failure(slow)).isEqualTo(Kind.TIMEOUT);
        over.countDown();
    }

    @Test
    void stopsReadingAnEndlessHealthReply() throws Exception {
        try (RawPeer peer = RawPeer.replyingEndlessly("HTTP/1.1 200 OK\r\n\r\n")) {
            Upstream endlessly = upstream(peer.uri(), Protocol.PLAIN, PATIENCE);

            assertThat(Failures.kind(endlessly::check)).isEqualTo(Kind.REPLY_TOO_LARGE);
            peer.closed().get();
        }
    }

    @Test
    void sharesAHealthCheckForASecond() throws Exception {
        AtomicLong nanos = new AtomicLong();
        AtomicInteger checks = new AtomicInteger();
        CompletableFuture<Void> release = new CompletableFuture<>();
        AtomicInteger status = new AtomicInteger(500);
        startPlain(200, "{}");
        plain.serve(
                "/health",
                exchange -> {
                    checks.incrementAndGet();
                    release.join();
                    McpPeer.send(exchange, status.get(), "text/plain", "");
                });
        Upstream shared =
                new HttpUpstream(plain.uri(), Protocol.PLAIN, PATIENCE, 100_000, nanos::get);

        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Kind> first = threads.submit(() -> Failures.kind(shared::check));
            nanos.addAndGet(Duration.ofSeconds(3).toNanos());
            Future<Kind> second = threads.submit(() -> Failures.kind(shared::check));
            release.complete(null);
            assertThat(first.get()).isEqualTo(Kind.BROKEN_REPLY);
            assertThat(second.get()).isEqualTo(Kind.BROKEN_REPLY);
        }
        status.set(200);
        assertThat(Failures.kind(shared::check)).isEqualTo(Kind.BROKEN_REPLY);
        assertThat(checks).hasValue(1);

        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        shared.check();
        shared.check();
        assertThat(checks).hasValue(2);
    }

    private void startPlain(int status, String reply) throws IOException {
        plain = PlainServer.start(port, status, reply);
    }

    /** Answers after 600 ms, or once the call is over. */
    private static HttpHandler late(CountDownLatch over, int status, String body) {
        return exchange -> {
            try {
                over.await(600, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            McpPeer.send(exchange, status, "application/json", body);
        };
    }

    private Upstream upstream(Protocol protocol) {
        return upstream(URI.create("http://127.0.0.1:" + port), protocol, PATIENCE);
    }

    private static Upstream upstream(URI base, Protocol protocol, Duration deadline) {
        return new HttpUpstream(base, protocol, deadline, WithMcpPeer.MAX_REPLY_BYTES);
    }

    private static ToolReply call(Upstream called) throws UpstreamException, InterruptedException {
        return WithMcpPeer.call(called, "alice");
    }

    private static Kind failure(Upstream called) {
        return Failures.kind(() -> call(called));
    }
}

package services.chorus.seqthink.mcp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.mcp.Message.Notification;
import services.chorus.seqthink.mcp.UpstreamException.Kind;
import services.chorus.seqthink.testing.FaultyServer;
import services.chorus.seqthink.testing.LogWatch;

@QuarkusTest
@TestProfile(QuarkusForUpstreams.class)
class HttpExchangeTest {

    private static final int MAX_REPLY_BYTES = 1_000;
    private static final String EVENTS =
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Message ASK = new Notification("ask", Optional.empty());

    @Test
    void readsACompleteBodyOnce() throws Exception {
        try (RawPeer peer = RawPeer.replying(json("{\"a\":1}"))) {
            HttpExchange exchange = sent(peer);

            assertThat(next(exchange)).hasValue("{\"a\":1}");
            assertThat(next(exchange)).isEmpty();
            assertThat(next(exchange)).isEmpty();
        }
    }

    @Test
    void returnsNothingForAnEmptyReply() throws Exception {
        try (RawPeer peer =
                RawPeer.replying("HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n")) {
            assertThat(next(sent(peer))).isEmpty();
        }
    }

    @Test
    void readsEachEventAndClosesAStreamThatStaysOpen() throws Exception {
        try (RawPeer peer = RawPeer.replying(EVENTS + "data: 1\n\ndata: 2\n\n")) {
            HttpExchange exchange = sent(peer);
            assertThat(next(exchange)).hasValue("1");
            assertThat(next(exchange)).hasValue("2");
            assertThat(peer.closed()).isNotDone();

            exchange.close();

            peer.closed().get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void canWaitAgainAfterADeadline() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        RawPeer.Script late =
                out -> {
                    FaultyServer.await(go);
                    out.write(json("1").getBytes(UTF_8));
                };
        try (RawPeer peer = RawPeer.running(late)) {
            HttpExchange exchange = sent(peer);

            assertThat(Failures.kind(() -> exchange.next(Deadline.in(Duration.ofMillis(50)))))
                    .isEqualTo(Kind.TIMEOUT);

            go.countDown();
            assertThat(next(exchange)).hasValue("1");
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
    void closesTheConnectionWhenClosed(String soFar) throws Exception {
        try (RawPeer peer = RawPeer.replying(soFar);
                LogWatch log = new LogWatch()) {
            HttpExchange exchange = sent(peer);
            peer.request().get(20, TimeUnit.SECONDS);
            assertThat(peer.closed()).isNotDone();

            exchange.close();

            peer.closed().get(20, TimeUnit.SECONDS);
            assertThat(log.lines()).isEmpty();
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
    void rejectsAReplyOverTheLimit(String head) throws Exception {
        try (RawPeer peer = RawPeer.replying(head + "x".repeat(MAX_REPLY_BYTES + 1))) {
            assertThat(failure(peer).kind()).isEqualTo(Kind.REPLY_TOO_LARGE);

            peer.closed().get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void acceptsAReplyOfExactlyTheLimit() throws Exception {
        String largest = "1".repeat(MAX_REPLY_BYTES);
        try (RawPeer peer = RawPeer.replying(json(largest))) {
            assertThat(next(sent(peer))).hasValue(largest);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 307, 400, 404, 500, 503})
    void rejectsAStatusOtherThanSuccess(int status) throws Exception {
        String head =
                "HTTP/1.1 %d No\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 4\r\n\r\n";
        try (RawPeer peer = RawPeer.replying(head.formatted(status) + "text")) {
            UpstreamException refused = failure(peer);

            assertThat(refused.kind()).isEqualTo(Kind.BROKEN_REPLY);
            assertThat(refused.hasStatus(status)).isTrue();
        }
    }

    @Test
    void stopsReadingAnEndlessErrorReply() throws Exception {
        try (RawPeer peer = RawPeer.replyingEndlessly("HTTP/1.1 500 No\r\n\r\n")) {
            assertThat(failure(peer).kind()).isNotEqualTo(Kind.TIMEOUT);

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
        try (RawPeer peer = RawPeer.closingAfter(soFar)) {
            assertThat(failure(peer).kind()).isEqualTo(Kind.UNREACHABLE);
        }
    }

    @Test
    void logsNothingOfAReplyThatIsNotHttp() throws Exception {
        try (RawPeer peer = RawPeer.closingAfter("SECRET-2.0\r\n\r\n");
                LogWatch log = new LogWatch()) {
            assertThat(failure(peer).kind()).isNotEqualTo(Kind.TIMEOUT);

            peer.closed().get(20, TimeUnit.SECONDS);
            assertThat(log.lines()).isEmpty();
        }
    }

    private static String json(String body) {
        return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(body.length(), body);
    }

    private static HttpWire wire(RawPeer peer) {
        return new HttpWire(peer.uri(), PATIENCE, MAX_REPLY_BYTES);
    }

    private static HttpExchange sent(RawPeer peer) {
        return wire(peer).initialize(ASK);
    }

    private static Optional<String> next(HttpExchange exchange) throws Exception {
        return exchange.next(Deadline.in(PATIENCE)).map(document -> new String(document, UTF_8));
    }

    private static UpstreamException failure(RawPeer peer) {
        HttpExchange exchange = sent(peer);
        return catchThrowableOfType(UpstreamException.class, () -> next(exchange));
    }
}

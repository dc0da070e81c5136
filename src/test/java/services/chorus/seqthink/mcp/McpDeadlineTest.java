package services.chorus.seqthink.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.OutputStream;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.mcp.UpstreamException.Kind;

@QuarkusTest
@TestProfile(QuarkusForUpstreams.class)
class McpDeadlineTest extends WithSlowPeer {

    @Test
    void cancelsAfterTheDeadline() throws Exception {
        upstream = upstream(peer.uri(), Duration.ofSeconds(2));
        beginSession(); // so that the handshake does not use up the deadline
        peer.does((exchange, request) -> hang(PATIENCE));

        assertThat(failure("alice")).isEqualTo(Kind.TIMEOUT);

        awaitCancellation();
    }

    @Test
    void cancelsAfterTheDeadlineBetweenMessages() throws Exception {
        upstream = upstream(peer.uri(), Duration.ofSeconds(2));
        beginSession();
        peer.does(
                (exchange, request) -> {
                    OutputStream events = McpPeer.events(exchange);
                    McpPeer.event(events, PROGRESS);
                    dripUntilClosed(events);
                });

        try (MessageStream replies = channel("alice").send(Messages.call("1"))) {
            assertThat(replies.next()).hasValueSatisfying(this::isProgress);
            assertThat(Failures.kind(replies::next)).isEqualTo(Kind.TIMEOUT);
        }

        awaitCancellation();
        assertThat(closed).succeedsWithin(PATIENCE);
    }

    @Test
    void timesOutOnASlowDrip() {
        upstream = upstream(peer.uri(), Duration.ofMillis(700));
        peer.does(
                (exchange, request) -> {
                    exchange.sendResponseHeaders(200, 0);
                    dripUntilClosed(exchange.getResponseBody());
                });

        assertThat(failure("alice")).isEqualTo(Kind.TIMEOUT);
    }

    @Test
    void disconnectsWhenANotificationIsNotAcceptedInTime() throws Exception {
        upstream = upstream(peer.uri(), Duration.ofSeconds(2));
        beginSession();
        peer.takes(exchange -> dripUntilClosed(McpPeer.events(exchange)));

        assertThat(Failures.kind(() -> channel("alice").send(Messages.message(PROGRESS))))
                .isEqualTo(Kind.TIMEOUT);

        assertThat(closed).succeedsWithin(PATIENCE);
    }

    @Test
    void disconnectsWhenAHandshakeIsNotCompletedInTime() {
        upstream = upstream(peer.uri(), Duration.ofSeconds(2));
        peer.takes(exchange -> dripUntilClosed(McpPeer.events(exchange)));

        assertThat(failure("alice")).isEqualTo(Kind.TIMEOUT);

        assertThat(closed).succeedsWithin(PATIENCE);
    }

    @Test
    void runsManySlowCallsAtOnce() {
        peer.does((exchange, request) -> hang(PATIENCE));

        IntStream.range(0, 100).forEach(each -> calling("alice"));

        await().atMost(PATIENCE).until(() -> peer.received("tools/call").size() == 100);
    }
}

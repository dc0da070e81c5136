package services.chorus.seqthink.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.mcp.Message.Request;
import services.chorus.seqthink.mcp.UpstreamException.Kind;

@QuarkusTest
@TestProfile(QuarkusForUpstreams.class)
class McpDeadlineTest extends WithMcpPeer {

    @Test
    void tellsTheServerWhenTheDeadlinePassed() {
        upstream = upstream(peer.uri(), Duration.ofSeconds(2));
        peer.does((exchange, request) -> McpPeer.result(exchange, request, "{\"content\":[]}"));
        call("alice"); // so that the deadline is the call's alone, not that of its session
        CountDownLatch done = new CountDownLatch(1);
        peer.does((exchange, request) -> hang(done));

        assertThat(failure("alice")).isEqualTo(Kind.TIMEOUT);

        awaitCancellation();
        done.countDown();
    }

    @Test
    void tellsTheServerWhenTheCallerLeft() {
        CountDownLatch done = new CountDownLatch(1);
        peer.does((exchange, request) -> hang(done));
        Cancellable call =
                upstream.call(toolCall("alice")).subscribe().with(reply -> {}, failure -> {});
        await().atMost(PATIENCE).until(() -> !peer.received("tools/call").isEmpty());

        call.cancel();

        awaitCancellation();
        done.countDown();
    }

    @Test
    void givesUpOnASlowDrip() {
        upstream = upstream(peer.uri(), Duration.ofMillis(700));
        peer.does(
                (exchange, request) -> {
                    exchange.sendResponseHeaders(200, 0);
                    for (int drop = 0; drop < 1_000; drop++) {
                        exchange.getResponseBody().write(' ');
                        exchange.getResponseBody().flush();
                        hang(new CountDownLatch(1), Duration.ofMillis(50));
                    }
                });

        assertThat(failure("alice")).isEqualTo(Kind.TIMEOUT);
    }

    @Test
    void sparesOthersTheEndOfOneThatWaitsForTheSameSession() throws Exception {
        try (RawPeer hanging = RawPeer.that("")) {
            Upstream slow = upstream(hanging.uri(), Duration.ofSeconds(2));
            Cancellable leaver =
                    slow.call(toolCall("alice")).subscribe().with(reply -> {}, failure -> {});
            Uni<ToolReply> stayer = slow.call(toolCall("alice"));
            leaver.cancel();

            assertThatExceptionOfType(UpstreamException.class)
                    .isThrownBy(() -> stayer.await().atMost(PATIENCE))
                    .extracting(UpstreamException::kind)
                    .isEqualTo(Kind.TIMEOUT);
        }
    }

    @Test
    void letsNobodyWaitForTheSlowToolsOfOthers() {
        CountDownLatch done = new CountDownLatch(1);
        peer.does((exchange, request) -> hang(done));

        IntStream.range(0, 100)
                .mapToObj(each -> upstream.call(toolCall("alice")))
                .forEach(call -> call.subscribe().with(reply -> {}, failure -> {}));

        await().atMost(PATIENCE).until(() -> peer.received("tools/call").size() == 100);
        done.countDown();
    }

    private void awaitCancellation() {
        await().atMost(PATIENCE).until(() -> !peer.received("notifications/cancelled").isEmpty());
        Request call = (Request) peer.received("tools/call").getLast().message();
        assertThat(peer.received("notifications/cancelled"))
                .singleElement()
                .extracting(told -> told.message().tree().at("/params/requestId"))
                .isEqualTo(call.id().value());
    }

    private static void hang(CountDownLatch done) {
        hang(done, PATIENCE);
    }

    private static void hang(CountDownLatch done, Duration longest) {
        try {
            done.await(longest.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package services.chorus.seqthink.mcp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import services.chorus.seqthink.mcp.Message.Notification;
import services.chorus.seqthink.mcp.Message.Request;

/** A server that answers slowly, until the end of a test. */
abstract class WithSlowPeer extends WithMcpPeer {

    static final String PROGRESS = "{'jsonrpc':'2.0','method':'notifications/progress'}";

    /** Completed when the upstream closes the connection of a dripping reply. */
    final CompletableFuture<Void> closed = new CompletableFuture<>();

    private final CountDownLatch done = new CountDownLatch(1);

    @AfterEach
    void stopHanging() {
        done.countDown();
    }

    void awaitCancellation() {
        await().atMost(PATIENCE).until(() -> !peer.received("notifications/cancelled").isEmpty());
        Request call = (Request) peer.received("tools/call").getLast().message();
        assertThat(peer.received("notifications/cancelled"))
                .singleElement()
                .extracting(told -> told.message().tree().at("/params/requestId"))
                .isEqualTo(call.id().value());
    }

    void beginSession() throws Exception {
        peer.does((exchange, request) -> McpPeer.result(exchange, request, "{\"content\":[]}"));
        call("alice");
    }

    void isProgress(Message message) {
        assertThat(message)
                .isInstanceOfSatisfying(
                        Notification.class,
                        told -> assertThat(told.method()).isEqualTo("notifications/progress"));
    }

    void hang(Duration longest) {
        try {
            done.await(longest.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Keeps a reply open with white space, which means nothing in event streams or JSON. */
    void dripUntilClosed(OutputStream reply) {
        try {
            for (int drop = 0; drop < 1_000 && done.getCount() > 0; drop++) {
                reply.write(" \n".getBytes(UTF_8));
                reply.flush();
                hang(Duration.ofMillis(50));
            }
        } catch (IOException e) {
            closed.complete(null);
        }
    }
}

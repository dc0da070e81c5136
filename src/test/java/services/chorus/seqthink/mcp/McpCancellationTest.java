package services.chorus.seqthink.mcp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.mcp.Message.Response;
import services.chorus.seqthink.mcp.UpstreamException.Kind;
import services.chorus.seqthink.state.History;

@QuarkusTest
@TestProfile(QuarkusForUpstreams.class)
class McpCancellationTest extends WithSlowPeer {

    @Test
    void cancelsWhenTheCallerDisconnects() {
        peer.does((exchange, request) -> hang(PATIENCE));
        Future<ToolReply> call = calling("alice");
        await().atMost(PATIENCE).until(() -> !peer.received("tools/call").isEmpty());

        call.cancel(true);

        awaitCancellation();
    }

    @Test
    void cancelsWhenAStreamIsClosedBeforeItsFirstMessage() throws Exception {
        peer.does((exchange, request) -> hang(PATIENCE));
        MessageStream replies = channel("alice").send(Messages.call("'mine'"));
        await().atMost(PATIENCE).until(() -> !peer.received("tools/call").isEmpty());

        replies.close();

        awaitCancellation();
        assertThat(replies.next()).isEmpty();
    }

    @Test
    void cancelsOnceAndDisconnectsWhenAStreamIsClosedBetweenMessages() throws Exception {
        peer.does(
                (exchange, request) -> {
                    OutputStream events = McpPeer.events(exchange);
                    McpPeer.event(events, PROGRESS);
                    dripUntilClosed(events);
                });
        MessageStream replies = channel("alice").send(Messages.call("'mine'"));
        assertThat(replies.next()).hasValueSatisfying(this::isProgress);
        assertThat(closed).isNotDone();

        replies.close();
        replies.close();

        awaitCancellation();
        assertThat(closed).succeedsWithin(PATIENCE);
    }

    @Test
    void onlyDisconnectsAfterTheResponse() throws Exception {
        peer.does(
                (exchange, request) -> {
                    OutputStream events = McpPeer.events(exchange);
                    Response response = new Response(request.id(), Messages.json("{}"));
                    McpPeer.event(events, new String(response.bytes(), UTF_8));
                    dripUntilClosed(events);
                });

        MessageStream replies = channel("alice").send(Messages.call("1"));
        assertThat(replies.next()).hasValue(new Response(MessageId.of(1), Messages.json("{}")));
        assertThat(replies.next()).isEmpty();
        replies.close();

        assertThat(closed).succeedsWithin(PATIENCE);
        assertNothingIsCancelled();
    }

    @Test
    void doesNotCancelAFailedCall() throws Exception {
        peer.does((exchange, request) -> McpPeer.send(exchange, 500, "text/plain", "no"));

        assertThat(failure("alice")).isEqualTo(Kind.BROKEN_REPLY);

        assertNothingIsCancelled();
    }

    @Test
    void doesNotCancelACallWhoseSessionIsGone() throws Exception {
        beginSession();
        peer.forget(404);
        peer.refusesNextSession(CompletableFuture.completedFuture(null));

        assertThat(failure("alice")).isEqualTo(Kind.BROKEN_REPLY);

        assertNothingIsCancelled();
    }

    @Test
    void aCancelledCallDoesNotAffectOthersWaitingForItsSession() throws Exception {
        try (RawPeer hanging = RawPeer.replying("")) {
            Upstream slow = upstream(hanging.uri(), Duration.ofSeconds(2));
            Future<ToolReply> leaver = calling(slow, "alice");
            hanging.request().get(20, TimeUnit.SECONDS);
            Future<ToolReply> stayer = calling(slow, "alice");

            leaver.cancel(true);

            assertThat(stayer)
                    .failsWithin(PATIENCE)
                    .withThrowableOfType(ExecutionException.class)
                    .havingCause()
                    .isInstanceOfSatisfying(
                            UpstreamException.class,
                            failure -> assertThat(failure.kind()).isEqualTo(Kind.TIMEOUT));
        }
    }

    @Test
    void stopsWaitingForASessionWhenTheCallerDisconnects() throws Exception {
        try (RawPeer hanging = RawPeer.replying("")) {
            Channel channel =
                    upstream(hanging.uri(), PATIENCE).channel(new History("alice", "alice"));
            CompletableFuture<Void> left = new CompletableFuture<>();
            Thread caller = Thread.startVirtualThread(() -> left.complete(interrupted(channel)));
            hanging.request().get(20, TimeUnit.SECONDS);

            caller.interrupt();

            assertThat(left).succeedsWithin(PATIENCE.dividedBy(2));
        }
    }

    private void assertNothingIsCancelled() {
        await().during(Duration.ofMillis(300))
                .atMost(PATIENCE)
                .until(() -> peer.received("notifications/cancelled").isEmpty());
    }

    private static Void interrupted(Channel channel) {
        assertThatExceptionOfType(InterruptedException.class)
                .isThrownBy(() -> channel.send(Messages.call("1")));
        return null;
    }
}

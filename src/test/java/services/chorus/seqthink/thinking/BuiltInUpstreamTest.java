package services.chorus.seqthink.thinking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.mcp.HistoryKey;
import services.chorus.seqthink.mcp.HttpUpstream;
import services.chorus.seqthink.mcp.Protocol;
import services.chorus.seqthink.mcp.QuarkusForUpstreams;
import services.chorus.seqthink.mcp.TagSecret;
import services.chorus.seqthink.mcp.ToolCall;
import services.chorus.seqthink.mcp.ToolReply;
import services.chorus.seqthink.mcp.ToolReply.Result;
import services.chorus.seqthink.mcp.ToolReply.ToolFailed;
import services.chorus.seqthink.mcp.Upstream;
import services.chorus.seqthink.mcp.UpstreamException;
import services.chorus.seqthink.mcp.UpstreamOptions;
import services.chorus.seqthink.policy.Caller;
import services.chorus.seqthink.state.SharedState;
import services.chorus.seqthink.testing.States;

@QuarkusTest
@TestProfile(QuarkusForUpstreams.class)
class BuiltInUpstreamTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final TagSecret secret = new TagSecret(new SecureRandom());
    @Inject Vertx vertx;
    private ThinkingServer server;
    private Upstream upstream;

    @BeforeEach
    void start() {
        server = server(0);
        upstream = upstream(Optional.of(secret));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void thinksForEachHistoryApart() {
        assertThat(historyLength(call("alice", "age1a", "default"))).isEqualTo(1);
        assertThat(historyLength(call("alice", "age1a", "default"))).isEqualTo(2);

        assertThat(historyLength(call("bob", "age1a", "default"))).isEqualTo(1);
        assertThat(historyLength(call("alice", "age1b", "default"))).isEqualTo(1);
        assertThat(historyLength(call("alice", "age1a", "other"))).isEqualTo(1);
    }

    @Test
    void countsExactlyWhenTwoCallersThinkAtOnce() {
        List<Uni<ToolReply>> calls = new ArrayList<>();
        for (int each = 0; each < 100; each++) {
            calls.add(upstream.call(toolCall("alice", "age1a", "default")));
            calls.add(upstream.call(toolCall("bob", "age1b", "default")));
        }
        Uni.join().all(calls).andFailFast().await().atMost(PATIENCE);

        assertThat(historyLength(call("alice", "age1a", "default"))).isEqualTo(101);
        assertThat(historyLength(call("bob", "age1b", "default"))).isEqualTo(101);
    }

    @Test
    void passesOnWhatIsWrongWithACall() {
        ToolCall good = toolCall("alice", "age1a", "default");
        ToolCall wrong =
                new ToolCall(good.key(), good.tool(), good.arguments().put("thoughtNumber", 0));
        ToolCall unknown = new ToolCall(good.key(), "other", good.arguments());

        assertThat(upstream.call(wrong).await().atMost(PATIENCE))
                .isInstanceOfSatisfying(
                        ToolFailed.class,
                        failed -> assertThat(failed.message()).contains("thoughtNumber"));
        assertThat(upstream.call(unknown).await().atMost(PATIENCE)).isInstanceOf(ToolFailed.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "\0", "\ud83e\udde0"})
    void saysThatAThoughtIsTooLongAsLongAsTheDoorTakesIt(String repeated) {
        ToolCall call = toolCall("alice", "age1a", "default");
        int bytes = StrictJson.write(TextNode.valueOf(repeated)).length - 2;
        call.arguments().put("thought", repeated.repeat((4 << 20) / bytes));

        assertThat(upstream.call(call).await().atMost(PATIENCE))
                .isInstanceOfSatisfying(
                        ToolFailed.class,
                        failed -> assertThat(failed.message()).contains("thought", "32,768"));
    }

    @Test
    void isRefusedWithoutATag() {
        Upstream untagged = upstream(Optional.empty());

        assertThatExceptionOfType(UpstreamException.class)
                .isThrownBy(
                        () ->
                                untagged.call(toolCall("alice", "age1a", "default"))
                                        .await()
                                        .atMost(PATIENCE));
        assertThatExceptionOfType(UpstreamException.class)
                .isThrownBy(() -> untagged.health().await().atMost(PATIENCE));
    }

    @Test
    void isHealthyAgainAfterItCameBack() {
        int port = server.address().getPort();
        server.close();
        assertThatExceptionOfType(UpstreamException.class)
                .isThrownBy(() -> upstream.health().await().atMost(PATIENCE));

        server = server(port);

        await().atMost(PATIENCE)
                .ignoreExceptions()
                .untilAsserted(() -> upstream.health().await().atMost(PATIENCE));
        assertThat(historyLength(call("alice", "age1a", "default"))).isEqualTo(1);
    }

    private ThinkingServer server(int port) {
        SharedState histories = States.inMemory();
        return ThinkingServer.start(vertx, port, secret, 6 << 20, histories);
    }

    private Upstream upstream(Optional<TagSecret> tags) {
        return new HttpUpstream(
                new UpstreamOptions(server.address(), Protocol.AUTO, PATIENCE, 1 << 20, tags));
    }

    private ToolReply call(String name, String recipient, String session) {
        return upstream.call(toolCall(name, recipient, session)).await().atMost(PATIENCE);
    }

    private static int historyLength(ToolReply reply) {
        return ((Result) reply).value().get("thoughtHistoryLength").intValue();
    }

    private static ToolCall toolCall(String name, String recipient, String session) {
        Caller caller = new Caller("issuer", Caller.Kind.SUBJECT, name);
        ObjectNode arguments =
                StrictJson.object()
                        .put("thought", "a thought")
                        .put("nextThoughtNeeded", true)
                        .put("thoughtNumber", 1)
                        .put("totalThoughts", 2);
        return new ToolCall(
                new HistoryKey(caller, recipient, session), "sequentialthinking", arguments);
    }
}

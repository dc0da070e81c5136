package services.chorus.seqthink.thinking;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.mcp.Channel;
import services.chorus.seqthink.mcp.ToolClient;
import services.chorus.seqthink.mcp.ToolReply;
import services.chorus.seqthink.mcp.ToolReply.Result;
import services.chorus.seqthink.mcp.ToolReply.ToolFailed;
import services.chorus.seqthink.mcp.Upstream;
import services.chorus.seqthink.state.History;
import services.chorus.seqthink.state.SealedState;
import services.chorus.seqthink.testing.States;

class BuiltInUpstreamTest {

    private static final String TOOL = "sequentialthinking";

    private final SealedState state = States.inMemory();
    private final Upstream upstream = new ThinkingServer(state);

    @AfterEach
    void stop() {
        state.close();
    }

    @Test
    void separatesHistories() throws Exception {
        assertThat(historyLength(call("alice", "age1a", "default"))).isEqualTo(1);
        assertThat(historyLength(call("alice", "age1a", "default"))).isEqualTo(2);

        assertThat(historyLength(call("bob", "age1a", "default"))).isEqualTo(1);
        assertThat(historyLength(call("alice", "age1b", "default"))).isEqualTo(1);
        assertThat(historyLength(call("alice", "age1a", "other"))).isEqualTo(1);
        assertThat(historyLength(call("alice", "age1a", "default"))).isEqualTo(3);
    }

    @Test
    void countsConcurrentThoughtsOfTwoCallersExactly() throws Exception {
        Channel alice = channel("alice", "age1a", "default");
        Channel bob = channel("bob", "age1b", "default");
        List<Future<ToolReply>> calls = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int each = 0; each < 100; each++) {
                calls.add(threads.submit(() -> call(alice, TOOL, thought())));
                calls.add(threads.submit(() -> call(bob, TOOL, thought())));
            }
        }
        for (Future<ToolReply> call : calls) {
            assertThat(call.get()).isInstanceOf(Result.class);
        }

        assertThat(historyLength(call("alice", "age1a", "default"))).isEqualTo(101);
        assertThat(historyLength(call("bob", "age1b", "default"))).isEqualTo(101);
    }

    @Test
    void returnsErrorsForWrongCalls() throws Exception {
        Channel channel = channel("alice", "age1a", "default");

        assertThat(call(channel, TOOL, thought().put("thoughtNumber", 0)))
                .isInstanceOfSatisfying(
                        ToolFailed.class,
                        failed -> assertThat(failed.message()).contains("thoughtNumber"));
        assertThat(call(channel, "other", thought()))
                .isInstanceOfSatisfying(
                        ToolFailed.class, failed -> assertThat(failed.message()).contains(TOOL));
        assertThat(historyLength(call(channel, TOOL, thought()))).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "\0", "\ud83e\udde0"})
    void rejectsAThoughtAsLargeAsABodyMayBe(String repeated) throws Exception {
        int bytes = StrictJson.write(TextNode.valueOf(repeated)).length - 2;
        ObjectNode arguments = thought().put("thought", repeated.repeat((4 << 20) / bytes));

        assertThat(call(channel("alice", "age1a", "default"), TOOL, arguments))
                .isInstanceOfSatisfying(
                        ToolFailed.class,
                        failed -> assertThat(failed.message()).contains("thought", "32,768"));
    }

    @Test
    void isAlwaysAvailable() throws Exception {
        upstream.check();
    }

    private ToolReply call(String name, String recipient, String session) throws Exception {
        return call(channel(name, recipient, session), TOOL, thought());
    }

    private static ToolReply call(Channel channel, String tool, ObjectNode arguments)
            throws Exception {
        return new ToolClient(channel).call(tool, arguments);
    }

    private Channel channel(String name, String recipient, String session) {
        return upstream.channel(new History(name, String.join("/", name, recipient, session)));
    }

    private static int historyLength(ToolReply reply) {
        return ((Result) reply).value().get("thoughtHistoryLength").intValue();
    }

    private static ObjectNode thought() {
        return StrictJson.object()
                .put("thought", "a thought")
                .put("nextThoughtNeeded", true)
                .put("thoughtNumber", 1)
                .put("totalThoughts", 2);
    }
}

package services.chorus.seqthink.mcp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.mcp.UpstreamException.Kind;
import services.chorus.seqthink.policy.Caller;
import services.chorus.seqthink.testing.LogWatch;

/** An upstream before a peer that does as a test says. Nothing may be logged by it. */
abstract class WithMcpPeer {

    static final Duration PATIENCE = Duration.ofSeconds(30);
    static final int MAX_REPLY_BYTES = 100_000;
    private final LogWatch log = new LogWatch();
    McpPeer peer;
    Upstream upstream;

    @BeforeEach
    void start() throws IOException {
        peer = new McpPeer();
        upstream = upstream(peer.uri(), PATIENCE);
    }

    @AfterEach
    void stop() {
        peer.close();
        log.close();
        assertThat(log.lines()).isEmpty();
    }

    ToolReply call(String name) {
        return upstream.call(toolCall(name)).await().atMost(PATIENCE);
    }

    Kind failure(String name) {
        UpstreamException[] thrown = new UpstreamException[1];
        assertThatExceptionOfType(UpstreamException.class)
                .isThrownBy(() -> call(name))
                .withMessageNotContaining("SECRET")
                .withNoCause()
                .satisfies(failure -> thrown[0] = failure);
        return thrown[0].kind();
    }

    static ToolCall toolCall(String name) {
        HistoryKey key = new HistoryKey(new Caller("issuer", Caller.Kind.SUBJECT, name), "age1");
        return new ToolCall(key, "tool", StrictJson.object().put("a", 1));
    }

    static Upstream upstream(URI base, Duration deadline) {
        return new HttpUpstream(
                new UpstreamOptions(
                        base, Protocol.MCP, deadline, MAX_REPLY_BYTES, Optional.empty()));
    }

    static JsonNode json(String text) {
        return StrictJson.parse(text.replace('\'', '"').getBytes(UTF_8)).orElseThrow();
    }
}

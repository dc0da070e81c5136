package services.chorus.seqthink.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.mcp.UpstreamException.Kind;
import services.chorus.seqthink.state.History;
import services.chorus.seqthink.testing.LogWatch;

/** An upstream with a scripted server. It must log nothing. */
abstract class WithMcpPeer {

    static final Duration PATIENCE = Duration.ofSeconds(30);
    static final int MAX_REPLY_BYTES = 100_000;
    private final LogWatch log = new LogWatch();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    McpPeer peer;
    Upstream upstream;

    @BeforeEach
    void start() throws IOException {
        peer = new McpPeer();
        upstream = upstream(peer.uri(), PATIENCE);
    }

    @AfterEach
    void stop() {
        threads.shutdownNow();
        threads.close();
        peer.close();
        log.close();
        assertThat(log.lines()).isEmpty();
    }

    Channel channel(String name) {
        return upstream.channel(new History(name, name));
    }

    ToolReply call(String name) throws UpstreamException, InterruptedException {
        return call(upstream, name);
    }

    /** Calls on another thread. Cancelling the future interrupts that thread. */
    Future<ToolReply> calling(Upstream called, String name) {
        return threads.submit(() -> call(called, name));
    }

    Future<ToolReply> calling(String name) {
        return calling(upstream, name);
    }

    Kind failure(String name) {
        return Failures.kind(() -> call(name));
    }

    static ToolReply call(Upstream upstream, String name)
            throws UpstreamException, InterruptedException {
        return new ToolClient(upstream.channel(new History(name, name)))
                .call("tool", StrictJson.object().put("a", 1));
    }

    static Upstream upstream(URI base, Duration deadline) {
        return new HttpUpstream(base, Protocol.MCP, deadline, MAX_REPLY_BYTES);
    }
}

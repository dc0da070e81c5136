package services.chorus.seqthink.app;

import io.vertx.core.Vertx;
import java.net.URI;
import java.security.SecureRandom;
import services.chorus.seqthink.mcp.McpConfig;
import services.chorus.seqthink.mcp.TagSecret;
import services.chorus.seqthink.state.SharedState;
import services.chorus.seqthink.thinking.ThinkingServer;

/** The built-in MCP server together with the secret under which it is told whose call it is. */
final class BuiltInServer implements AutoCloseable {

    private final TagSecret tags;
    private final ThinkingServer server;

    private BuiltInServer(TagSecret tags, ThinkingServer server) {
        this.tags = tags;
        this.server = server;
    }

    /**
     * Starts it on the port of {@code MCP_LOCAL} where that is set, else on a free one.
     *
     * @param maxBodyMb the largest request that the door takes, in MiB
     * @param state where the thoughts are kept
     */
    static BuiltInServer start(McpConfig config, int maxBodyMb, SharedState state, Vertx vertx) {
        int port = config.local().map(URI::create).map(URI::getPort).orElse(0);
        TagSecret tags = new TagSecret(new SecureRandom());
        // Written anew, JSON grows by a third at most (1e9 becomes 1E+9); its wrapping is small.
        int maxBodyBytes = maxBodyMb * (1 << 20) / 2 * 3;
        return new BuiltInServer(
                tags, ThinkingServer.start(vertx, port, tags, maxBodyBytes, state));
    }

    URI address() {
        return server.address();
    }

    TagSecret tags() {
        return tags;
    }

    @Override
    public void close() {
        server.close();
    }
}

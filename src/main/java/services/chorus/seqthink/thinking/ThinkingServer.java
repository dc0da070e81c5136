package services.chorus.seqthink.thinking;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.net.URI;
import java.time.Duration;
import services.chorus.seqthink.mcp.TagSecret;
import services.chorus.seqthink.state.LogLimits;
import services.chorus.seqthink.state.SharedState;

/**
 * The built-in sequential-thinking MCP server: Streamable HTTP at {@code /mcp} on a loopback
 * listener of its own. It keeps no sessions; whose history a call belongs to is told by its caller
 * tag alone, and a call without one is refused.
 */
public final class ThinkingServer implements AutoCloseable {

    private static final LogLimits LIMITS = new LogLimits(1_000, 2 << 20, Duration.ofHours(24));

    private static final String LOOPBACK = "127.0.0.1";
    private static final int IDLE_SECONDS = 600;

    private final HttpServer server;

    private ThinkingServer(HttpServer server) {
        this.server = server;
    }

    /**
     * Listens, and returns when it does. Not to be called from an event loop.
     *
     * @param port the port, or 0 for a free one
     * @param tags the secret that the door makes caller tags under
     * @param maxBodyBytes how large a message may be; a larger one is refused with 413 before its
     *     arguments are looked at
     * @param state where the thoughts are kept
     * @throws java.util.concurrent.CompletionException when the port cannot be had
     */
    public static ThinkingServer start(
            Vertx vertx, int port, TagSecret tags, int maxBodyBytes, SharedState state) {
        HttpServerOptions options =
                new HttpServerOptions()
                        .setHost(LOOPBACK)
                        .setPort(port)
                        .setHttp2ClearTextEnabled(false)
                        .setIdleTimeout(IDLE_SECONDS);
        Endpoint endpoint =
                new Endpoint(
                        tags, maxBodyBytes, new Dialogue(new SequentialThinking(state, LIMITS)));
        HttpServer server = vertx.createHttpServer(options).requestHandler(endpoint);
        server.listen().toCompletionStage().toCompletableFuture().join();
        return new ThinkingServer(server);
    }

    /** The URL below which {@code /mcp} and {@code /health} are found. */
    public URI address() {
        return URI.create("http://" + LOOPBACK + ":" + server.actualPort());
    }

    /** Stops listening and drops every connection. Not to be called from an event loop. */
    @Override
    public void close() {
        server.close().toCompletionStage().toCompletableFuture().join();
    }
}

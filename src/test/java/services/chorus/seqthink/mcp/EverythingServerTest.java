package services.chorus.seqthink.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.mcp.ToolReply.Result;
import services.chorus.seqthink.mcp.ToolReply.ToolFailed;
import services.chorus.seqthink.policy.Caller;
import services.chorus.seqthink.testing.NodePackages;

/** The public server that exercises all of MCP, as its authors run it. */
@QuarkusTest
@TestProfile(QuarkusForUpstreams.class)
class EverythingServerTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String MODULE = "@modelcontextprotocol/server-everything/dist/index.js";

    private Process server;
    private Upstream upstream;
    private int port;

    @BeforeEach
    void start() throws Exception {
        NodePackages.install();
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        upstream =
                new HttpUpstream(
                        new UpstreamOptions(
                                URI.create("http://127.0.0.1:" + port),
                                Protocol.AUTO,
                                PATIENCE,
                                1 << 20,
                                Optional.empty()));
        startServer();
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (server != null) {
            server.destroyForcibly().waitFor();
        }
    }

    @Test
    void callsItsTools() {
        assertThat(call("echo", StrictJson.object().put("message", "hello")))
                .isInstanceOfSatisfying(
                        Result.class,
                        result ->
                                assertThat(result.value().at("/content/0/text").asText())
                                        .contains("hello"));
        assertThat(call("echo", StrictJson.object())).isInstanceOf(ToolFailed.class);
        assertThat(call("no-such-tool", StrictJson.object())).isInstanceOf(ToolFailed.class);
    }

    @Test
    void waitsForAToolThatTakesItsTime() {
        ObjectNode arguments = StrictJson.object().put("duration", 1).put("steps", 4);

        assertThat(call("trigger-long-running-operation", arguments)).isInstanceOf(Result.class);
    }

    @Test
    void goesOnAfterItWasRestarted() throws Exception {
        call("echo", StrictJson.object().put("message", "hello"));
        stop();
        startServer();

        assertThat(call("echo", StrictJson.object().put("message", "again")))
                .isInstanceOf(Result.class);
    }

    private void startServer() throws IOException {
        server = NodePackages.serve(MODULE, "streamableHttp", port);
        Process started = server;
        Thread.ofVirtual()
                .start(
                        () -> {
                            try {
                                started.getInputStream()
                                        .transferTo(OutputStream.nullOutputStream());
                            } catch (IOException stopped) {
                                // its end ends the output too
                            }
                        });
        // a health check before it was restarted may still hold
        await().atMost(PATIENCE).until(this::isListening);
        await().atMost(PATIENCE).until(this::isHealthy);
    }

    private boolean isListening() {
        assertThat(server.isAlive()).isTrue();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    private boolean isHealthy() {
        assertThat(server.isAlive()).isTrue();
        return upstream.health()
                .map(healthy -> true)
                .onFailure()
                .recoverWithItem(false)
                .await()
                .atMost(PATIENCE);
    }

    private ToolReply call(String tool, ObjectNode arguments) {
        HistoryKey key = new HistoryKey(new Caller("issuer", Caller.Kind.SUBJECT, "a"), "age1");
        return upstream.call(new ToolCall(key, tool, arguments)).await().atMost(PATIENCE);
    }
}

package services.chorus.seqthink.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static services.chorus.seqthink.mcp.Messages.id;
import static services.chorus.seqthink.mcp.Messages.request;

import com.fasterxml.jackson.databind.JsonNode;
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
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.mcp.Message.Request;
import services.chorus.seqthink.mcp.Message.Response;
import services.chorus.seqthink.mcp.ToolReply.Result;
import services.chorus.seqthink.mcp.ToolReply.ToolFailed;
import services.chorus.seqthink.state.History;
import services.chorus.seqthink.testing.NodePackages;

/** The public server that exercises all of MCP. */
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
                        URI.create("http://127.0.0.1:" + port), Protocol.AUTO, PATIENCE, 1 << 20);
        startServer();
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (server != null) {
            server.destroyForcibly().waitFor();
        }
    }

    @Test
    void callsItsTools() throws Exception {
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
    void waitsForASlowTool() throws Exception {
        ObjectNode arguments = StrictJson.object().put("duration", 1).put("steps", 4);

        assertThat(call("trigger-long-running-operation", arguments)).isInstanceOf(Result.class);
    }

    @Test
    void forwardsProgressBeforeTheResult() throws Exception {
        String slow =
                "{'name':'trigger-long-running-operation',"
                        + "'arguments':{'duration':1,'steps':3},'_meta':{'progressToken':'p'}}";

        List<Message> received =
                Messages.all(channel().send(request("'mine'", "tools/call", slow)));

        assertThat(received.subList(0, received.size() - 1))
                .extracting(told -> told.tree().path("method").asText())
                .containsOnly("notifications/progress");
        assertThat(received.subList(0, received.size() - 1))
                .extracting(told -> told.tree().at("/params/progressToken").asText())
                .containsOnly("p");
        assertThat(received.subList(0, received.size() - 1))
                .extracting(told -> told.tree().at("/params/progress").asInt())
                .containsExactly(1, 2, 3);
        assertThat(received.getLast())
                .isInstanceOfSatisfying(
                        Response.class, last -> assertThat(last.id()).isEqualTo(id("'mine'")));
    }

    @Test
    void forwardsCompleteResults() throws Exception {
        JsonNode image = result("{'name':'get-tiny-image','arguments':{}}");
        JsonNode weather =
                result("{'name':'get-structured-content','arguments':{'location':'Chicago'}}");

        assertThat(image.get("content")).hasSize(3);
        assertThat(image.at("/content/1/type").asText()).isEqualTo("image");
        assertThat(image.at("/content/1/data").asText()).isBase64();
        assertThat(weather.at("/structuredContent/humidity").asInt()).isEqualTo(82);
        assertThat(weather.at("/content/0/text").asText()).contains("humidity");
    }

    @Test
    void listsItsTools() throws Exception {
        Request list = new Request(id("1"), "tools/list", Optional.empty());

        assertThat(Messages.all(channel().send(list)))
                .singleElement()
                .isInstanceOfSatisfying(
                        Response.class,
                        listed -> assertThat(listed.result().get("tools")).hasSizeGreaterThan(5));
    }

    @Test
    void reconnectsAfterARestart() throws Exception {
        call("echo", StrictJson.object().put("message", "hello"));
        stop();
        startServer();

        // a pooled connection to the old process may end while the first call uses it
        await().ignoreExceptions()
                .until(
                        () -> call("echo", StrictJson.object().put("message", "again")),
                        reply -> reply instanceof Result);
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
                                // the server has stopped
                            }
                        });
        // the outcome of an earlier health check may still be reused
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

    private boolean isHealthy() throws InterruptedException {
        assertThat(server.isAlive()).isTrue();
        try {
            upstream.check();
            return true;
        } catch (UpstreamException notYet) {
            return false;
        }
    }

    private Channel channel() {
        return upstream.channel(new History("a", "a"));
    }

    private JsonNode result(String params) throws Exception {
        List<Message> received = Messages.all(channel().send(request("1", "tools/call", params)));
        return ((Response) received.getLast()).result();
    }

    private ToolReply call(String tool, ObjectNode arguments)
            throws UpstreamException, InterruptedException {
        return new ToolClient(channel()).call(tool, arguments);
    }
}

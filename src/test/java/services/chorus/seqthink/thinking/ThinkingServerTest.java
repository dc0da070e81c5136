package services.chorus.seqthink.thinking;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.BindException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ThinkingServerTest extends WithThinkingServer {

    @ParameterizedTest
    @CsvSource({
        "2024-11-05,2024-11-05",
        "2025-11-25,2025-11-25",
        "2023-01-01,2025-11-25",
        "2026-07-28,2025-11-25"
    })
    void agreesOnARevision(String asked, String agreed) throws Exception {
        JsonNode answer =
                result(
                        """
                        {"jsonrpc":"2.0","id":1,"method":"initialize","params":
                        {"protocolVersion":"%s","capabilities":{},"clientInfo":{}}}
                        """
                                .formatted(asked));

        assertThat(answer.get("protocolVersion").textValue()).isEqualTo(agreed);
        assertThat(answer.get("capabilities")).isEqualTo(json("{\"tools\":{}}"));
        assertThat(answer.at("/serverInfo/name").textValue()).isNotEmpty();
    }

    @Test
    void keepsNoSessions() throws Exception {
        HttpResponse<String> response = post(PING);

        assertThat(response.headers().firstValue("Mcp-Session-Id")).isEmpty();
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(json(response.body()))
                .isEqualTo(json("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}"));
    }

    @Test
    void takesNotificationsInSilence() throws Exception {
        HttpResponse<String> response =
                post("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");

        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(response.body()).isEmpty();
    }

    @Test
    void listsItsOneTool() throws Exception {
        JsonNode tools =
                result("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}").get("tools");

        assertThat(tools).hasSize(1);
        assertThat(tools.at("/0/name").textValue()).isEqualTo("sequentialthinking");
        assertThat(tools.at("/0/inputSchema/required")).hasSize(4);
        assertThat(tools.at("/0/inputSchema/properties")).hasSize(9);
        assertThat(tools.at("/0/inputSchema/properties/thought/maxLength").intValue())
                .isEqualTo(Thought.MAX_THOUGHT_LENGTH);
        assertThat(tools.at("/0/inputSchema/properties/branchId/maxLength").intValue())
                .isEqualTo(Thought.MAX_BRANCH_LENGTH);
        assertThat(tools.at("/0/outputSchema/required")).hasSize(5);
        assertThat(tools.at("/0/annotations/openWorldHint").isBoolean()).isTrue();
    }

    @Test
    void keepsTheThoughtsOfTwoCallersApart() throws Exception {
        assertThat(historyLength(think(tag(11)))).isEqualTo(1);
        assertThat(historyLength(think(tag(11)))).isEqualTo(2);
        assertThat(historyLength(think(tag(12)))).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    -32700 | 400 | {"jsonrpc"
                    -32700 | 400 | {"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}
                    -32600 | 400 | [{"jsonrpc":"2.0","id":1,"method":"ping"}]
                    -32600 | 400 | {"id":1,"method":"ping"}
                    -32601 | 200 | {"jsonrpc":"2.0","id":1,"method":"resources/list"}
                    -32602 | 200 | {"jsonrpc":"2.0","id":1,"method":"initialize"}
                    -32602 | 200 | {"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"cursor":"x"}}
                    -32602 | 200 | {"jsonrpc":"2.0","id":1,"method":"tools/call"}
                    -32602 | 200 | {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"other"}}
                    -32602 | 200 | {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"sequentialthinking"}}
                    """)
    void answersWhatIsWrongWithTheCodesOfJsonRpc(int code, int status, String body)
            throws Exception {
        HttpResponse<String> response = post(body);

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(json(response.body()).at("/error/code").intValue()).isEqualTo(code);
    }

    @Test
    void saysSoWhenThePortIsTaken() {
        int taken = server.address().getPort();

        assertThatThrownBy(() -> ThinkingServer.start(vertx, taken, SECRET, 1, null))
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(BindException.class);
    }

    @Test
    void stopsListeningWhenClosed() {
        ThinkingServer another = ThinkingServer.start(vertx, 0, SECRET, 1, null);
        int port = another.address().getPort();
        another.close();

        // the kernel may take a connection a moment longer than the server says
        await().atMost(10, SECONDS)
                .untilAsserted(
                        () ->
                                assertThatThrownBy(() -> new Socket("127.0.0.1", port).close())
                                        .isInstanceOf(IOException.class));
    }

    private static JsonNode think(String tag) throws Exception {
        String call =
                """
                {"jsonrpc":"2.0","id":"a","method":"tools/call","params":
                {"name":"sequentialthinking","arguments":
                {"thought":"t","nextThoughtNeeded":true,"thoughtNumber":1,"totalThoughts":2}}}
                """;
        HttpRequest.Builder request =
                request().setHeader("Seqthink-Caller", tag).POST(BodyPublishers.ofString(call));
        return json(send(request).body()).get("result");
    }

    private static int historyLength(JsonNode result) {
        return result.at("/structuredContent/thoughtHistoryLength").intValue();
    }

    private static JsonNode result(String message) throws Exception {
        HttpResponse<String> response = post(message);
        assertThat(response.statusCode()).isEqualTo(200);
        return json(response.body()).get("result");
    }
}

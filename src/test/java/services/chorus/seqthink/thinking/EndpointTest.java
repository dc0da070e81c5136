package services.chorus.seqthink.thinking;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.mcp.CallerTag;
import services.chorus.seqthink.mcp.TagSecret;

class EndpointTest extends WithThinkingServer {

    @ParameterizedTest
    @ValueSource(strings = {"", "nonsense"})
    void refusesACallerWithoutAValidTag(String tag) throws Exception {
        assertThat(status(request().setHeader("Seqthink-Caller", tag))).isEqualTo(403);
        assertThat(
                        status(
                                HttpRequest.newBuilder(server.address().resolve("/mcp"))
                                        .header("Content-Type", "application/json")
                                        .POST(BodyPublishers.ofString(PING))))
                .isEqualTo(403);
    }

    @Test
    void refusesATagOfAnotherProcess() throws Exception {
        String foreign = CallerTag.sign(digest(1), new TagSecret(new SecureRandom())).value();

        assertThat(status(request().setHeader("Seqthink-Caller", foreign))).isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://127.0.0.1", "null", "http://evil.example"})
    void refusesEveryOrigin(String origin) throws Exception {
        assertThat(status(request().header("Origin", origin))).isEqualTo(403);
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1,200",
        "localhost:%d,200",
        "[::1],403",
        "evil.example,403",
        "localhost.evil.example:%d,403",
        "'',403"
    })
    void answersUnderLoopbackNamesOnly(String host, int status) throws Exception {
        int port = server.address().getPort();
        try (Socket socket = new Socket("127.0.0.1", port)) {
            String head =
                    "GET /health HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"
                            .formatted(host.formatted(port));
            socket.getOutputStream().write(head.getBytes(UTF_8));

            assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
                    .startsWith("HTTP/1.1 " + status);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "application/json; charset=utf-8,200",
        "Application/JSON,200",
        "text/plain,415",
        "application/jsonx,415"
    })
    void takesJsonOnly(String type, int status) throws Exception {
        assertThat(status(request().setHeader("Content-Type", type))).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({"2025-06-18,200", "1999-01-01,400"})
    void takesRevisionsItSpeaksOnly(String version, int status) throws Exception {
        assertThat(status(request().header("MCP-Protocol-Version", version))).isEqualTo(status);
    }

    @Test
    void boundsTheBody() throws Exception {
        String largest = PING + " ".repeat(MAX_BODY_BYTES - PING.length());

        assertThat(post(largest).statusCode()).isEqualTo(200);
        try {
            assertThat(post(largest + " ").statusCode()).isEqualTo(413);
        } catch (IOException closedWhileStillSending) {
            assertThat(post(PING).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void offersNoStream() throws Exception {
        HttpResponse<String> response = send(request().GET());

        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.headers().firstValue("Allow")).hasValue("POST");
    }

    @ParameterizedTest
    @CsvSource({"/health,200", "/,404", "/mcp/tool,404", "/health/,404"})
    void servesTwoPathsOnly(String path, int status) throws Exception {
        assertThat(status(HttpRequest.newBuilder(server.address().resolve(path)).GET()))
                .isEqualTo(status);
    }
}

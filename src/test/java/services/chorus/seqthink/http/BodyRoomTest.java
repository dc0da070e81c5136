package services.chorus.seqthink.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.pipeline.Problem;
import services.chorus.seqthink.testing.Canaries;
import services.chorus.seqthink.testing.Client;
import services.chorus.seqthink.testing.Door;

/** {@code MAX_BODY_MB} and {@code MAX_INFLIGHT_MB}, with room for two of the largest bodies. */
@QuarkusTest
@WithTestResource(
        value = Door.class,
        initArgs = {
            @ResourceArg(name = "seqthink.gateway.max-body-mb", value = "1"),
            @ResourceArg(name = "seqthink.gateway.max-inflight-mb", value = "1")
        })
class BodyRoomTest {

    private static final int MOST = 1024 * 1024;
    private static final Duration SOON = Duration.ofSeconds(20);

    Door door;

    @TestHTTPResource("/mcp/tool")
    URI route;

    private Client caller;
    private byte[] sealed;

    @BeforeEach
    void sealARequest() {
        caller = Client.stranger(door);
        sealed = caller.sealed(caller.request(Canaries.thought()));
        // what the test before left is released when the gateway notices that it disconnected
        await().atMost(SOON).until(() -> caller.post(new byte[MOST]).statusCode() == 400);
    }

    @Test
    void acceptsABodyInChunks() throws Exception {
        HttpResponse<byte[]> response = postInChunks(sealed);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(
                        Client.open(response.body(), caller.key())
                                .at("/result/thoughtHistoryLength")
                                .intValue())
                .isEqualTo(1);
    }

    @Test
    void limitsTheSizeOfABodyInChunks() throws Exception {
        assertProblem(postInChunks(new byte[MOST]), Problem.MALFORMED);
        assertProblem(postInChunks(new byte[MOST + 1]), Problem.TOO_LARGE);
        assertProblem(postInChunks(new byte[3 * MOST]), Problem.TOO_LARGE);
        assertThat(postInChunks(sealed).statusCode()).isEqualTo(200);
    }

    @Test
    void aCallerWhoWithholdsTheEndOfABodyExhaustsOnlyItsOwnShare() throws Exception {
        try (Socket slow = startABodyInChunks();
                Socket refused = connect()) {
            // the body is announced and never sent, so the answer cannot depend on it
            send(refused, head("Content-Length: " + sealed.length));
            assertThat(answerHead(refused))
                    .startsWith("HTTP/1.1 429 ")
                    .containsIgnoringCase("\r\nRetry-After: 5\r\n")
                    .containsIgnoringCase("\r\nContent-Type: application/problem+json");

            Client other = Client.stranger(door);
            assertThat(other.post(other.sealed(other.request(Canaries.thought()))).statusCode())
                    .isEqualTo(200);

            send(slow, "1\r\n \r\n0\r\n\r\n");
            assertThat(answerHead(slow)).startsWith("HTTP/1.1 400 ");
        }
        assertMemoryIsReleased();
    }

    @Test
    void answers503WithoutReadingTheBodyWhileMemoryIsFull() throws Exception {
        Client second = Client.stranger(door);
        try (Socket _ = startABodyInChunks();
                Socket alsoSlow = connect();
                Socket refused = connect()) {
            int part = MOST / 4;
            send(
                    alsoSlow,
                    head(second, "Transfer-Encoding: chunked") + chunk(new byte[part], 0, part));
            // once that part is in memory, a body of the largest size does not fit
            await().atMost(SOON)
                    .until(() -> Client.stranger(door).post(new byte[MOST]).statusCode() == 503);

            send(refused, head(Client.stranger(door), "Content-Length: " + MOST));
            assertThat(answerHead(refused))
                    .startsWith("HTTP/1.1 503 ")
                    .containsIgnoringCase("\r\nRetry-After: 5\r\n");
        }
        assertMemoryIsReleased();
    }

    @Test
    void releasesMemoryWhenAClientDisconnectsMidBody() throws Exception {
        startABodyInChunks().close();
        assertMemoryIsReleased();
    }

    @ParameterizedTest
    @ValueSource(strings = {"age", ";;;", "application/age, application/age", "text"})
    void rejectsAnInvalidContentType(String type) throws Exception {
        try (Socket socket = connect()) {
            String head = head("Content-Length: 0").replace("application/age", type);

            send(socket, head);

            assertThat(answerHead(socket)).startsWith("HTTP/1.1 415 ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"age", ";;;", "*", "text", "application/age; armor=true; q=x"})
    void sealsTheReplyWhateverTheAcceptHeader(String accept) throws Exception {
        try (Socket socket = connect()) {
            send(socket, head("Accept: " + accept + "\r\nTransfer-Encoding: chunked"));
            send(socket, chunk(sealed, 0, sealed.length) + "0\r\n\r\n");

            assertThat(answerHead(socket)).startsWith("HTTP/1.1 200 ");
        }
    }

    /** Sends a body that leaves one byte of its caller's share, until it is in memory. */
    private Socket startABodyInChunks() throws IOException {
        Socket socket = connect();
        send(socket, head("Transfer-Encoding: chunked") + chunk(new byte[MOST - 1], 0, MOST - 1));
        await().atMost(SOON)
                .until(
                        () ->
                                socket.getInputStream().available() > 0
                                        || caller.post(new byte[2]).statusCode() == 429);
        if (socket.getInputStream().available() == 0) {
            return socket;
        }
        // rejected: the memory of a request before is released after its answer
        socket.close();
        return startABodyInChunks();
    }

    private void assertMemoryIsReleased() {
        await().atMost(SOON)
                .until(
                        () ->
                                caller.post(caller.sealed(caller.request(Canaries.thought())))
                                                .statusCode()
                                        == 200);
        await().atMost(SOON).until(() -> caller.post(new byte[MOST]).statusCode() == 400);
    }

    private HttpResponse<byte[]> postInChunks(byte[] body) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(route)
                        .timeout(SOON)
                        .header("Authorization", "Bearer " + caller.token())
                        .header("Content-Type", "application/age")
                        .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)))
                        .build();
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            return client.send(request, BodyHandlers.ofByteArray());
        }
    }

    private static void assertProblem(HttpResponse<byte[]> response, Problem problem) {
        assertThat(response.statusCode()).isEqualTo(problem.status());
        assertThat(new String(response.body(), US_ASCII))
                .contains("\"code\":\"" + problem.code() + "\"");
    }

    private String head(String more) {
        return head(caller, more);
    }

    private static String head(Client sender, String more) {
        return "POST /mcp/tool HTTP/1.1\r\nHost: door.example\r\nAuthorization: Bearer "
                + sender.token()
                + "\r\nContent-Type: application/age\r\n"
                + more
                + "\r\n\r\n";
    }

    /** One chunk, as ISO 8859-1 text. */
    private static String chunk(byte[] bytes, int from, int to) {
        return Integer.toHexString(to - from)
                + "\r\n"
                + new String(bytes, from, to - from, ISO_8859_1)
                + "\r\n";
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(route.getHost(), route.getPort());
        socket.setSoTimeout((int) SOON.toMillis());
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(ISO_8859_1));
        socket.getOutputStream().flush();
    }

    private static String answerHead(Socket socket) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = socket.getInputStream().read();
            assertThat(next).as("the end of an answer's head").isNotNegative();
            head.append((char) next);
        }
        return head.toString();
    }
}

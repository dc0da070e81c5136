package services.chorus.seqthink.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.testing.Canaries;
import services.chorus.seqthink.testing.Client;
import services.chorus.seqthink.testing.Door;

/** Bodies that are sent only when the gateway asks for them ({@code Expect: 100-continue}). */
@QuarkusTest
@WithTestResource(Door.class)
class AwaitedBodyTest {

    private static final int WAIT_MILLIS = 20_000;

    @TestHTTPResource URI service;

    Door door;

    @Test
    void areRequestedAndAccepted() throws IOException {
        Client caller = Client.stranger(door);
        byte[] sealed = caller.sealed(caller.request(Canaries.thought()));
        try (Socket socket = connect()) {
            BufferedReader answer = ask(socket, caller.token(), "application/age", sealed.length);

            assertThat(answer.readLine()).isEqualTo("HTTP/1.1 100 Continue");
            assertThat(answer.readLine()).isEmpty();

            socket.getOutputStream().write(sealed);
            assertThat(answer.readLine()).isEqualTo("HTTP/1.1 200 OK");
        }
    }

    @Test
    void areNotRequestedWithoutAValidToken() throws IOException {
        try (Socket socket = connect()) {
            assertThat(ask(socket, "no.good.token", "application/age", 100).readLine())
                    .startsWith("HTTP/1.1 401 ");
        }
    }

    @Test
    void areNotRequestedIfTheyWouldBeRejected() throws IOException {
        String token = Client.stranger(door).token();
        try (Socket socket = connect()) {
            assertThat(ask(socket, token, "text/plain", 100).readLine())
                    .startsWith("HTTP/1.1 415 ");
        }
        try (Socket socket = connect()) {
            assertThat(ask(socket, token, "application/age", Integer.MAX_VALUE).readLine())
                    .startsWith("HTTP/1.1 413 ");
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(service.getHost(), service.getPort());
        socket.setSoTimeout(WAIT_MILLIS);
        return socket;
    }

    private static BufferedReader ask(Socket socket, String token, String type, int length)
            throws IOException {
        String head =
                """
                POST /mcp/tool HTTP/1.1\r
                Host: door\r
                Authorization: Bearer %s\r
                Content-Type: %s\r
                Content-Length: %d\r
                Expect: 100-continue\r
                \r
                """
                        .formatted(token, type, length);
        socket.getOutputStream().write(head.getBytes(US_ASCII));
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
    }
}

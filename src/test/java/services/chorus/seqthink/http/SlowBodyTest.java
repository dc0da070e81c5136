package services.chorus.seqthink.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.testing.Door;

/** A body that does not arrive within {@code BODY_TIMEOUT}. */
@QuarkusTest
@WithTestResource(
        value = Door.class,
        initArgs = @ResourceArg(name = "seqthink.gateway.body-timeout", value = "300ms"))
class SlowBodyTest {

    private static final int WAIT_MILLIS = 20_000;

    @TestHTTPResource URI service;

    Door door;

    @Test
    void getsAnAnswerAndItsConnectionIsClosed() throws IOException {
        String head =
                """
                POST /mcp/tool HTTP/1.1\r
                Host: door\r
                Authorization: Bearer %s\r
                Content-Type: application/age\r
                Content-Length: 100\r
                \r
                x"""
                        .formatted(door.issuer().token("slow"));
        try (Socket socket = new Socket("127.0.0.1", service.getPort())) {
            socket.setSoTimeout(WAIT_MILLIS);
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();

            String answer =
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);

            assertThat(answer).startsWith("HTTP/1.1 408 ").contains("\"code\":\"too-slow\"");
        }
    }
}

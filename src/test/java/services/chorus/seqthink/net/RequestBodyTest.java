package services.chorus.seqthink.net;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.net.RequestBody.BodyRefusedException;
import services.chorus.seqthink.testing.PlainVertx;

/** The least rate of a body, with a short interval. */
class RequestBodyTest {

    private static final int MOST = 1024 * 1024;
    private static final Duration INTERVAL = Duration.ofMillis(500);
    private static final Duration DEADLINE = Duration.ofMinutes(5);

    private final Vertx vertx = PlainVertx.create();
    private HttpServer server;

    @BeforeEach
    void listen() throws Exception {
        server =
                vertx.createHttpServer()
                        .requestHandler(this::answer)
                        .listen(0, "127.0.0.1")
                        .toCompletionStage()
                        .toCompletableFuture()
                        .get(20, TimeUnit.SECONDS);
    }

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private void answer(HttpServerRequest request) {
        request.pause();
        vertx.executeBlocking(
                        () -> {
                            try {
                                return RequestBody.read(
                                                        request,
                                                        MOST,
                                                        DEADLINE,
                                                        room -> true,
                                                        INTERVAL)
                                                .length
                                        + " bytes";
                            } catch (BodyRefusedException e) {
                                return e.why().name();
                            }
                        },
                        false)
                .onSuccess(text -> request.response().end(text + "\n"));
    }

    @Test
    void refusesABodyWhoseLastByteIsWithheld() throws IOException {
        try (Socket socket = connect()) {
            send(socket, head(500_000), "x".repeat(499_999));

            assertThat(answerOf(socket)).isEqualTo("TOO_SLOW");
        }
    }

    @Test
    void refusesABodyThatTrickles() throws IOException {
        try (Socket socket = connect()) {
            send(socket, head(500_000));
            Optional<Integer> answer = Optional.empty();
            while (answer.isEmpty()) {
                send(socket, "x");
                answer = nextByteWithin(20, socket);
            }
            assertThat(answerOf(socket)).isEqualTo("TOO_SLOW");
        }
    }

    @Test
    void acceptsABodyThatKeepsUp() throws IOException {
        int size = 4 * RequestBody.PROGRESS_BYTES;
        try (Socket socket = connect()) {
            send(socket, head(size));
            for (int part = 0; part < 4; part++) {
                send(socket, "x".repeat(RequestBody.PROGRESS_BYTES));
            }
            assertThat(answerOf(socket)).isEqualTo(size + " bytes");
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket("127.0.0.1", server.actualPort());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static Optional<Integer> nextByteWithin(int millis, Socket socket) throws IOException {
        socket.setSoTimeout(millis);
        try {
            return Optional.of(socket.getInputStream().read());
        } catch (SocketTimeoutException e) {
            return Optional.empty();
        }
    }

    private static String head(int length) {
        return "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: " + length + "\r\n\r\n";
    }

    private static void send(Socket socket, String... parts) throws IOException {
        for (String part : parts) {
            socket.getOutputStream().write(part.getBytes(US_ASCII));
        }
        socket.getOutputStream().flush();
    }

    private static String answerOf(Socket socket) throws IOException {
        var lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
        while (!lines.readLine().isEmpty()) {
            // the head
        }
        return lines.readLine();
    }
}

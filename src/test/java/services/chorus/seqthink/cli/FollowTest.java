package services.chorus.seqthink.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.age.Encoding;
import services.chorus.seqthink.client.GatewayClient.Timeouts;
import services.chorus.seqthink.testing.AgeKey;
import services.chorus.seqthink.testing.Canaries;
import services.chorus.seqthink.testing.Client;
import services.chorus.seqthink.testing.OwnFile;

/** {@code follow} with a server that may send false events. */
class FollowTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir Path folder;
    private final AgeKey door = AgeKey.generate();
    private final AgeKey caller = AgeKey.generate();
    private final String token = Canaries.note("token-of-" + caller.recipient());
    private HttpServer server;
    private List<ObjectNode> events = List.of();
    private String eventRecipient = caller.recipient();
    private final CountDownLatch testIsOver = new CountDownLatch(1);
    private boolean refuses;
    private boolean fallsSilent;
    private Duration patience = Timeouts.SILENCE;
    private JsonNode request;

    @BeforeEach
    void startTheServer() throws IOException {
        OwnFile.write(folder.resolve("caller.key"), caller.secret());
        OwnFile.write(folder.resolve("token"), token + "\n");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/mcp/sse", this::answer);
        server.start();
    }

    @AfterEach
    void stopTheServer() {
        testIsOver.countDown();
        server.stop(0);
    }

    @Test
    void printsEachThoughtOnALineAndWhyTheStreamEnded() throws IOException {
        events = List.of(open(4), thought(5), thought(6), end(6));

        CommandRun run = follow("--session", "other");

        assertThat(new String(run.orFail(), UTF_8).lines())
                .containsExactly(
                        "{\"sequence\":5,\"result\":\"done\"}",
                        "{\"sequence\":6,\"result\":\"done\"}");
        assertThat(run.errors().lines())
                .containsExactly(
                        "The gateway ended the stream: shutdown", "Continue with --after e:6");
        assertThat(request.get("to").textValue()).isEqualTo(url() + "/mcp/sse");
        assertThat(request.get("session").textValue()).isEqualTo("other");
        assertThat(request.has("after")).isFalse();
        assertThat(request.has("tool")).isFalse();
    }

    @Test
    void printsHostileTextOfTheGatewayVisibly() {
        String hostile = HostileTextTest.HOSTILE;
        events =
                List.of(
                        open(4).put("epoch", hostile),
                        thought(5).put("epoch", hostile).put("result", hostile),
                        end(5).put("epoch", hostile).put("reason", hostile));

        CommandRun run = follow();

        HostileTextTest.assertIsVisible(run.text() + run.errors(), "follow");
        assertThat(run.text().lines()).hasSize(1);
        assertThat(run.errors().lines())
                .satisfiesExactly(
                        end -> assertThat(end).startsWith("The gateway ended the stream: a\\u0007"),
                        next -> assertThat(next).startsWith("Continue with --after a\\u0007"));
    }

    @Test
    void continuesAfterTheGivenThought() {
        events = List.of(open(4).put("after", 4), end(4));

        follow("--after", "e:4").orFail();

        assertThat(request.get("after"))
                .hasToString(
                        """
                        {"epoch":"e","sequence":4}""");
    }

    @Test
    void reportsLostThoughts() {
        events = List.of(open(9).put("after", 4).put("lost", true), end(9));

        assertThat(follow("--after", "e:4").errors()).contains("no longer available");
    }

    @Test
    void failsWhenTheStreamIsCutOff() {
        events = List.of(open(0), thought(1));

        CommandRun run = follow();

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.text()).hasLineCount(1);
        assertThat(run.errors())
                .contains("Continue with --after e:1")
                .contains("the stream was cut off");
    }

    @Test
    void treatsASilentStreamAsCutOff() {
        events = List.of(open(0), thought(1));
        fallsSilent = true;
        patience = Duration.ofSeconds(1);

        CommandRun run = follow();

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.text()).hasLineCount(1);
        assertThat(run.errors())
                .contains("Continue with --after e:1")
                .contains("no data arrived in time");
    }

    @Test
    void timesOutWhileReadingARefusal() {
        refuses = true;
        fallsSilent = true;
        patience = Duration.ofSeconds(1);

        CommandRun run = follow();

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.errors()).contains("nothing came for 1 s");
    }

    @Test
    void printsNothingAfterAMissingEvent() {
        events = List.of(open(0), thought(1), thought(3), end(3));

        CommandRun run = follow();

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.text()).hasLineCount(1);
        assertThat(run.errors()).contains("A thought is not the next");
    }

    @Test
    void rejectsAnEventSealedToAnotherRecipient() {
        eventRecipient = AgeKey.generate().recipient();
        events = List.of(open(0), thought(1), end(1));

        assertThat(follow().exitCode()).isEqualTo(1);
        assertThat(follow().errors()).contains("an event of the stream cannot be opened");
    }

    @Test
    void printsAVerifiedRefusal() {
        refuses = true;

        CommandRun run = follow();

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.output()).isEmpty();
        assertThat(run.errors()).contains("stale-request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "e", "e:", ":x", "e:-1", "4"})
    void rejectsAMalformedAfter(String place) {
        assertThat(follow("--after", place).exitCode()).isEqualTo(2);
    }

    private CommandRun follow(String... options) {
        String[] command = {
            "follow",
            url(),
            "-r",
            door.recipient(),
            "-i",
            folder.resolve("caller.key").toString(),
            "--token-file",
            folder.resolve("token").toString()
        };
        return CommandRun.patient(
                patience,
                Stream.of(command, options).flatMap(Arrays::stream).toArray(String[]::new));
    }

    private String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private static ObjectNode open(long sequence) {
        return event("open", sequence).put("status", 200).put("lost", false);
    }

    private static ObjectNode thought(long sequence) {
        return event("thought", sequence).put("result", "done");
    }

    private static ObjectNode end(long sequence) {
        return event("end", sequence).put("final", true).put("reason", "shutdown");
    }

    private static ObjectNode event(String name, long sequence) {
        return JSON.createObjectNode()
                .put("event", name)
                .put("epoch", "e")
                .put("sequence", sequence)
                .put("final", false);
    }

    private void answer(HttpExchange exchange) throws IOException {
        byte[] sent =
                Base64.getUrlDecoder()
                        .decode(exchange.getRequestHeaders().getFirst("Sealed-Envelope"));
        request = Client.open(sent, door);
        try (exchange) {
            if (refuses) {
                ObjectNode reply = JSON.createObjectNode().put("status", 403);
                reply.putObject("error").put("code", "stale-request");
                exchange.getResponseHeaders().set("Content-Type", "application/age");
                exchange.sendResponseHeaders(403, 0);
                exchange.getResponseBody().write(sealed(reply, sent));
                waitIfSilent(exchange);
                return;
            }
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
            OutputStream body = exchange.getResponseBody();
            for (ObjectNode event : events) {
                String data = Base64.getEncoder().encodeToString(sealed(event, sent));
                body.write((": keep-alive\n\ndata: " + data + "\n\n").getBytes(US_ASCII));
            }
            waitIfSilent(exchange);
        }
    }

    private void waitIfSilent(HttpExchange exchange) throws IOException {
        if (fallsSilent) {
            exchange.getResponseBody().flush();
            try {
                testIsOver.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private byte[] sealed(ObjectNode event, byte[] sent) {
        event.set("request_id", request.get("request_id"));
        event.put("request_hash", Client.sha256(sent));
        return Client.sealed(event, eventRecipient, Encoding.BINARY);
    }
}

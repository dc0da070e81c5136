package services.chorus.seqthink.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.age.Encoding;
import services.chorus.seqthink.testing.AgeKey;
import services.chorus.seqthink.testing.Canaries;
import services.chorus.seqthink.testing.Client;
import services.chorus.seqthink.testing.OwnFile;

/** {@code call} to a server that may send false answers. */
class CallTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private record Answer(int status, String type, byte[] body) {}

    @TempDir Path folder;
    private final AgeKey door = AgeKey.generate();
    private final AgeKey caller = AgeKey.generate();
    private final String token = Canaries.note("token-of-" + caller.recipient());
    private HttpServer server;
    private Function<byte[], Answer> answers;
    private String challenge = "Bearer";
    private String authorization;
    private JsonNode request;

    @BeforeEach
    void startTheServer() throws IOException {
        OwnFile.write(folder.resolve("caller.key"), caller.secret());
        OwnFile.write(folder.resolve("token"), token + "\n");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/mcp/tool", this::answer);
        server.start();
    }

    @AfterEach
    void stopTheServer() {
        server.stop(0);
    }

    @Test
    void sendsAnEnvelopedRequestAndPrintsTheResult() throws IOException {
        answers = sent -> sealed(validReply(sent));
        String thought = Canaries.thought();

        CommandRun run = call(Client.thought(thought).toString(), "--session", "other");

        assertThat(JSON.readTree(run.orFail()).get("b").intValue()).isEqualTo(2);
        assertThat(authorization).isEqualTo("Bearer " + token);
        assertThat(request.get("to").textValue()).isEqualTo(url() + "/mcp/tool");
        assertThat(request.get("ath").textValue()).isEqualTo(Client.sha256(token.getBytes(UTF_8)));
        assertThat(request.get("reply_to").textValue()).isEqualTo(caller.recipient());
        assertThat(request.get("session").textValue()).isEqualTo("other");
        assertThat(request.get("tool").textValue()).isEqualTo("sequentialthinking");
        assertThat(request.at("/payload/thought").textValue()).isEqualTo(thought);
    }

    @Test
    void printsAVerifiedErrorAndFails() {
        answers =
                sent -> {
                    ObjectNode reply = validReply(sent);
                    reply.remove("result");
                    reply.put("status", 403).putObject("error").put("code", "forbidden");
                    return sealed(reply);
                };

        CommandRun run = call("{}");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.output()).isEmpty();
        assertThat(run.errors()).contains("forbidden");
    }

    @ParameterizedTest
    @ValueSource(strings = {"result", "error"})
    void printsHostileTextOfTheGatewayVisibly(String member) {
        answers =
                sent -> {
                    ObjectNode reply = validReply(sent);
                    reply.remove("result");
                    reply.put("status", member.equals("error") ? 403 : 200)
                            .putObject(member)
                            .put(HostileTextTest.HOSTILE, HostileTextTest.HOSTILE);
                    return sealed(reply);
                };

        CommandRun run = call("{}");

        assertThat(run.text() + run.errors()).contains("\\u009b31m");
        HostileTextTest.assertIsVisible(run.text() + run.errors(), member);
    }

    @Test
    void rejectsAnUnsealedAnswer() {
        answers =
                sent -> new Answer(200, "application/json", "{\"result\":\"lie\"}".getBytes(UTF_8));

        assertFails(call("{}"), "the answer is not sealed (status 200, Bearer)");
    }

    @Test
    void printsNoChallengeWithControlCharacters() {
        answers = sent -> new Answer(401, "application/json", new byte[0]);
        challenge = "Bearer \u009b2Jlie";

        assertFails(call("{}"), "the answer is not sealed (status 401)");
    }

    @Test
    void rejectsAnAnswerSealedToAnotherRecipient() {
        answers =
                sent ->
                        new Answer(
                                200,
                                "application/age",
                                Client.sealed(
                                        validReply(sent),
                                        AgeKey.generate().recipient(),
                                        Encoding.BINARY));

        assertFails(call("{}"), "the reply cannot be opened");
    }

    @Test
    void rejectsAnAnswerToAnotherRequest() {
        answers = sent -> sealed(validReply(sent).put("request_id", "0".repeat(32)));
        assertFails(call("{}"), "The reply answers another request");

        answers = sent -> sealed(validReply(sent).put("request_hash", Client.sha256(new byte[1])));
        assertFails(call("{}"), "The reply answers a request with other bytes");

        answers = sent -> sealed(validReply(sent).remove(List.of("status")));
        assertFails(call("{}"), "The reply has no status");
    }

    @Test
    void reportsThatNothingAnswers() {
        stopTheServer();

        assertFails(call("{}"), url() + "/mcp/tool does not answer");
    }

    @Test
    void rejectsArgumentsThatAreNotAnObject() {
        for (String arguments : new String[] {"", "[]", "thought"}) {
            assertFails(
                    call(arguments),
                    "standard input is not one JSON object: give the tool's arguments");
            assertThat(request).isNull();
        }
    }

    @Test
    void rejectsAMalformedTokenFileWithoutPrintingIt() throws IOException {
        for (String content : new String[] {"", "lie lie", token + "\nlie", "\u00fflie"}) {
            OwnFile.write(folder.resolve("token"), content);
            assertFails(call("{}"), folder.resolve("token") + " must hold one access token");
        }
        assertThat(request).isNull();
    }

    private static void assertFails(CommandRun run, String message) {
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.output()).isEmpty();
        assertThat(run.errors().lines())
                .singleElement()
                .asString()
                .startsWith("seqthink-wrapper call: " + message)
                .doesNotContain("lie");
    }

    private CommandRun call(String arguments, String... options) {
        String[] command = {
            "call",
            url(),
            "-r",
            door.recipient(),
            "-i",
            folder.resolve("caller.key").toString(),
            "--token-file",
            folder.resolve("token").toString()
        };
        return CommandRun.of(
                arguments.getBytes(UTF_8),
                Stream.of(command, options).flatMap(Stream::of).toArray(String[]::new));
    }

    private String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private ObjectNode validReply(byte[] sent) {
        ObjectNode reply = JSON.createObjectNode().put("status", 200);
        reply.set("request_id", Client.open(sent, door).get("request_id"));
        reply.put("request_hash", Client.sha256(sent)).putObject("result").put("b", 2);
        return reply;
    }

    private Answer sealed(ObjectNode reply) {
        return new Answer(
                200, "application/age", Client.sealed(reply, caller.recipient(), Encoding.BINARY));
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] sent = exchange.getRequestBody().readAllBytes();
            authorization = exchange.getRequestHeaders().getFirst("Authorization");
            request = Client.open(sent, door);
            Answer answer = answers.apply(sent);
            exchange.getResponseHeaders().set("Content-Type", answer.type());
            exchange.getResponseHeaders().set("WWW-Authenticate", challenge);
            exchange.sendResponseHeaders(answer.status(), answer.body().length);
            exchange.getResponseBody().write(answer.body());
        }
    }
}

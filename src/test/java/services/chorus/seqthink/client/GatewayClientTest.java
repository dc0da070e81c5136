package services.chorus.seqthink.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.age.Encoding;
import services.chorus.seqthink.client.GatewayClient.Timeouts;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.net.CertificateAuthorities;
import services.chorus.seqthink.testing.AgeKey;
import services.chorus.seqthink.testing.Canaries;
import services.chorus.seqthink.testing.Client;

/** The client as a library, without a command; the tests of the commands attack it. */
class GatewayClientTest {

    private static final String ROUTE = "/mcp/other";

    private final AgeKey gateway = AgeKey.generate();
    private final AgeKey caller = AgeKey.generate();
    private final String token = Canaries.note("token-of-" + caller.recipient());
    private String type = "application/age";
    private JsonNode request;
    private HttpServer server;

    @BeforeEach
    void startTheServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(ROUTE, this::answer);
        server.start();
    }

    @AfterEach
    void stopTheServer() {
        server.stop(0);
    }

    @Test
    void sendsAnyMessageToAnyRouteAndVerifiesTheReply() throws Exception {
        ObjectNode message = StrictJson.object();
        message.putObject("message").put("method", "tools/list");
        message.putObject("headers").put("mcp-protocol-version", "2025-11-25");
        ObjectNode before = message.deepCopy();

        Reply reply;
        try (GatewayClient client = client(url())) {
            reply = client.send(ROUTE, message, Optional.of("second"));
        }

        assertThat(reply).isEqualTo(new Reply(200, StrictJson.object().put("message", "done")));
        assertThat(message).isEqualTo(before);
        assertThat(request.get("to").textValue()).isEqualTo(url() + ROUTE);
        assertThat(request.get("session").textValue()).isEqualTo("second");
        assertThat(request.get("reply_to").textValue()).isEqualTo(caller.recipient());
        assertThat(request.get("message")).isEqualTo(before.get("message"));
        assertThat(request.get("headers")).isEqualTo(before.get("headers"));
    }

    @Test
    void sendsSeveralRequests() throws Exception {
        try (GatewayClient client = client(url() + "/")) {
            client.send(ROUTE, StrictJson.object(), Optional.empty());
            JsonNode first = request.get("request_id");
            client.send(ROUTE, StrictJson.object(), Optional.empty());
            assertThat(request.get("request_id")).isNotEqualTo(first);
            assertThat(request.has("session")).isFalse();
        }
    }

    @Test
    void rejectsAnUnsealedAnswer() throws Exception {
        type = "application/json";
        try (GatewayClient client = client(url())) {
            assertThatExceptionOfType(CallFailed.class)
                    .isThrownBy(() -> client.send(ROUTE, StrictJson.object(), Optional.empty()))
                    .withMessage("the answer is not sealed (status 200)");
        }
    }

    @Test
    void hidesCredentialsAndRequiresAnIdentity() {
        assertThat(credentials().toString()).isEqualTo("Credentials[hidden]");
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> new Credentials(token, Optional.empty(), List.of()));
    }

    private GatewayClient client(String url) throws Exception {
        return new GatewayClient(
                url,
                new RecipientSource.Given(List.of(gateway.identity().recipient())),
                credentials(),
                new Timeouts(Duration.ofSeconds(30), Timeouts.SILENCE),
                CertificateAuthorities.systemAnd(Optional.empty()));
    }

    private Credentials credentials() {
        return new Credentials(token, Optional.empty(), List.of(caller.identity()));
    }

    private String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] sent = exchange.getRequestBody().readAllBytes();
            request = Client.open(sent, gateway);
            ObjectNode reply = StrictJson.object().put("status", 200).put("message", "done");
            reply.set("request_id", request.get("request_id"));
            reply.put("request_hash", Client.sha256(sent));
            byte[] body =
                    type.equals("application/age")
                            ? Client.sealed(reply, caller.recipient(), Encoding.BINARY)
                            : reply.toString().getBytes(UTF_8);
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }
}

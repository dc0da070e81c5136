package services.chorus.seqthink.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import services.chorus.seqthink.age.AgeFile;
import services.chorus.seqthink.age.Encoding;
import services.chorus.seqthink.age.KeyIdentity;
import services.chorus.seqthink.age.Opened;
import services.chorus.seqthink.testing.AgeKey;
import services.chorus.seqthink.testing.Client;
import services.chorus.seqthink.testing.HandMadeJws;

/** A server in place of a gateway, whose documents and keys a test chooses. */
final class FakeGateway implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final List<byte[]> posts = new CopyOnWriteArrayList<>();
    private final List<String> proofs = new CopyOnWriteArrayList<>();
    private final AtomicInteger fetches = new AtomicInteger();
    private volatile Optional<String> document = Optional.empty();
    private volatile Optional<AgeKey> opens = Optional.empty();

    private FakeGateway(HttpServer server) {
        this.server = server;
    }

    static FakeGateway start() throws IOException {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        FakeGateway gateway = new FakeGateway(server);
        server.createContext("/mcp/tool", gateway::tool);
        server.createContext("/.well-known/age-recipients", gateway::recipients);
        server.start();
        return gateway;
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Signs a document, and serves it from now on. */
    void advertise(HandMadeJws signer, long version, AgeKey key) {
        long now = Instant.now().getEpochSecond();
        document =
                Optional.of(
                        signer.sign(
                                ("{\"url\":\"%s\",\"version\":%d,\"since\":%d,\"until\":%d,"
                                                + "\"recipients\":[\"%s\"],\"opens\":[]}")
                                        .formatted(
                                                url(), version, now, now + 3600, key.recipient())));
    }

    /** Opens requests with this key only. */
    void open(AgeKey key) {
        opens = Optional.of(key);
    }

    /** Answers every request with 422. */
    void openNothing() {
        opens = Optional.empty();
    }

    /** The sealed requests received, oldest first. */
    List<byte[]> posts() {
        return List.copyOf(posts);
    }

    /** The DPoP proofs of those requests. */
    List<String> proofs() {
        return List.copyOf(proofs);
    }

    int fetches() {
        return fetches.get();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void recipients(HttpExchange exchange) throws IOException {
        fetches.incrementAndGet();
        answer(
                exchange,
                document.isPresent() ? 200 : 404,
                "application/jose",
                document.orElse("").getBytes(UTF_8));
    }

    private void tool(HttpExchange exchange) throws IOException {
        byte[] sealed = exchange.getRequestBody().readAllBytes();
        posts.add(sealed);
        proofs.addAll(exchange.getRequestHeaders().getOrDefault("DPoP", List.of()));
        Optional<JsonNode> request = opened(sealed);
        if (request.isEmpty()) {
            answer(exchange, 422, "application/problem+json", "{\"lie\":1}".getBytes(UTF_8));
        } else {
            byte[] reply =
                    Client.sealed(
                            reply(request.get(), sealed),
                            request.get().get("reply_to").textValue(),
                            Encoding.BINARY);
            answer(exchange, 200, "application/age", reply);
        }
    }

    private Optional<JsonNode> opened(byte[] sealed) throws IOException {
        List<KeyIdentity> identities = opens.map(AgeKey::identity).stream().toList();
        return AgeFile.open(sealed, identities, 1 << 16)
                        instanceof Opened.Plaintext(byte[] bytes, var by)
                ? Optional.of(JSON.readTree(bytes))
                : Optional.empty();
    }

    private static ObjectNode reply(JsonNode request, byte[] sealed) {
        ObjectNode reply = JSON.createObjectNode().put("status", 200);
        reply.set("request_id", request.get("request_id"));
        reply.put("request_hash", Client.sha256(sealed)).putObject("result").put("b", 2);
        return reply;
    }

    private static void answer(HttpExchange exchange, int status, String type, byte[] body)
            throws IOException {
        try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }
}

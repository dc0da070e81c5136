package services.chorus.seqthink.mcp;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.mcp.Message.Request;
import services.chorus.seqthink.mcp.Message.Response;

/** An MCP server with sessions. Tests define its answers to everything except initialize. */
final class McpPeer implements AutoCloseable {

    /** Answers a request in a session. */
    @FunctionalInterface
    interface Behaviour {
        void answer(HttpExchange exchange, Request request) throws IOException;
    }

    /** Handles a notification or an answer in a session. */
    @FunctionalInterface
    interface Receipt {
        void take(HttpExchange exchange) throws IOException;
    }

    /** A received message and its headers. */
    record Received(Message message, Map<String, List<String>> headers) {

        String method() {
            return message instanceof Request request
                    ? request.method()
                    : message.tree().path("method").asText();
        }

        String header(String name) {
            return headers.getOrDefault(name, List.of("")).getFirst();
        }
    }

    private final HttpServer server;
    private final AtomicInteger sessions = new AtomicInteger();
    private final AtomicReference<CompletableFuture<Void>> refusal = new AtomicReference<>();
    private final Map<String, Boolean> live = new ConcurrentHashMap<>();
    private final Queue<Received> received = new ConcurrentLinkedQueue<>();
    private volatile String version = "2025-11-25";
    private volatile int statusForUnknownSession = 404;
    private volatile Behaviour behaviour = (exchange, request) -> result(exchange, request, "{}");
    private volatile Receipt receipt = exchange -> send(exchange, 202, "text/plain", "");

    McpPeer() throws IOException {
        this(0);
    }

    McpPeer(int port) throws IOException {
        server =
                HttpServer.create(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 50);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/mcp", this::handle);
        server.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    McpPeer does(Behaviour next) {
        behaviour = next;
        return this;
    }

    /** Replaces the answer 202 to notifications and answers. */
    McpPeer takes(Receipt next) {
        receipt = next;
        return this;
    }

    McpPeer speaks(String revision) {
        version = revision;
        return this;
    }

    /** Rejects the next initialize once the future is complete. */
    McpPeer refusesNextSession(CompletableFuture<Void> when) {
        refusal.set(when);
        return this;
    }

    /** Removes all sessions; requests in them get that status. */
    void forget(int status) {
        live.clear();
        statusForUnknownSession = status;
    }

    boolean isLive(String session) {
        return live.containsKey(session);
    }

    List<Received> received(String method) {
        return received.stream().filter(each -> each.method().equals(method)).toList();
    }

    /** All answers to requests of this server. */
    List<Message> answers() {
        return received.stream()
                .map(Received::message)
                .filter(each -> !each.tree().has("method"))
                .toList();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    static void result(HttpExchange exchange, Request request, String result) throws IOException {
        Response response =
                new Response(request.id(), StrictJson.parse(result.getBytes(UTF_8)).orElseThrow());
        send(exchange, 200, "application/json", new String(response.bytes(), UTF_8));
    }

    static void send(HttpExchange exchange, int status, String type, String body)
            throws IOException {
        byte[] bytes = body.getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    /** Begins an event stream as the reply. */
    static OutputStream events(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        return exchange.getResponseBody();
    }

    /** Sends one event. Single quotes stand for double ones. */
    static void event(OutputStream events, String data) throws IOException {
        events.write(("data: " + data.replace('\'', '"') + "\n\n").getBytes(UTF_8));
        events.flush();
    }

    private void handle(HttpExchange exchange) throws IOException {
        if (exchange.getRequestMethod().equals("DELETE")) {
            live.remove(exchange.getRequestHeaders().getFirst("Mcp-Session-Id"));
            send(exchange, 200, "text/plain", "");
            return;
        }
        Message message = Message.parse(exchange.getRequestBody().readAllBytes());
        received.add(new Received(message, Map.copyOf(exchange.getRequestHeaders())));
        if (message instanceof Request request && request.method().equals("initialize")) {
            initialize(exchange, request);
        } else if (!live.containsKey(exchange.getRequestHeaders().getFirst("Mcp-Session-Id"))) {
            send(exchange, statusForUnknownSession, "text/plain", "no such session");
        } else if (message instanceof Request request) {
            behaviour.answer(exchange, request);
        } else {
            receipt.take(exchange);
        }
    }

    private void initialize(HttpExchange exchange, Request request) throws IOException {
        CompletableFuture<Void> refused = refusal.getAndSet(null);
        if (refused != null) {
            refused.join();
            send(exchange, 500, "text/plain", "not now");
            return;
        }
        String session = "session-" + sessions.incrementAndGet();
        live.put(session, true);
        exchange.getResponseHeaders().set("Mcp-Session-Id", session);
        ObjectNode result = StrictJson.object().put("protocolVersion", version);
        result.putObject("capabilities");
        result.putObject("serverInfo").put("name", "peer").put("version", "1");
        result(exchange, request, result.toString());
    }
}

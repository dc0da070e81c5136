package services.chorus.seqthink.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import services.chorus.seqthink.json.StrictJson;

/** A server with the plain contract that gives the same answer to every call. */
final class PlainServer implements AutoCloseable {

    private static final List<String> PATHS = List.of("/", "/health", "/mcp/tool");

    private final HttpServer server;
    private final List<JsonNode> calls = new CopyOnWriteArrayList<>();

    private PlainServer(int port) throws IOException {
        server =
                HttpServer.create(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 50);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    }

    /** A server on that port, or on a free one if that is 0. Single quotes stand for double. */
    static PlainServer start(int port, int status, String reply) throws IOException {
        PlainServer started = new PlainServer(port);
        String text = reply.replace('\'', '"');
        PATHS.forEach(path -> started.server.createContext(path));
        started.serve("/", exchange -> McpPeer.send(exchange, 404, "text/plain", "no"));
        started.serve("/health", exchange -> McpPeer.send(exchange, 200, "text/plain", "OK"));
        started.serve(
                "/mcp/tool",
                exchange -> {
                    byte[] call = exchange.getRequestBody().readAllBytes();
                    started.calls.add(StrictJson.parse(call).orElseThrow());
                    McpPeer.send(exchange, status, "application/json", text);
                });
        started.server.start();
        return started;
    }

    /** Replaces the handler of {@code /}, {@code /health} or {@code /mcp/tool}. */
    void serve(String path, HttpHandler handler) {
        server.removeContext(path);
        server.createContext(path, handler);
    }

    /** Removes the health route. */
    void loseHealth() {
        server.removeContext("/health");
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** The bodies of the calls so far. */
    List<JsonNode> calls() {
        return List.copyOf(calls);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}

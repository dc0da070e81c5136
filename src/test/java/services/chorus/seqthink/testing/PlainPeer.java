package services.chorus.seqthink.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/**
 * An MCP server of the original plain contract, on a port of its own, that can be stopped and
 * started again. A call of {@code hang} gets no answer, of {@code broken} one that is not JSON, of
 * {@code fails} an error.
 */
public final class PlainPeer implements QuarkusTestResourceLifecycleManager {

    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final CountDownLatch end = new CountDownLatch(1);
    private HttpServer server;
    private int port;

    @Override
    public Map<String, String> start() {
        up();
        return Map.of(
                "seqthink.mcp.local", "http://127.0.0.1:" + port, "seqthink.mcp.timeout", "1s");
    }

    @Override
    public void stop() {
        end.countDown();
        down();
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(this, new TestInjector.MatchesType(PlainPeer.class));
    }

    /** Listens, on the same port every time. */
    public void up() {
        try {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
            port = server.getAddress().getPort();
            server.createContext("/health", exchange -> answer(exchange, 200, "OK"));
            server.createContext("/mcp/tool", this::call);
            server.createContext("/", exchange -> answer(exchange, 404, ""));
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void down() {
        server.stop(0);
    }

    /** The bodies received, in order. */
    public List<String> requests() {
        return requests;
    }

    private void call(HttpExchange exchange) throws IOException {
        String request =
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        requests.add(request);
        if (request.contains("\"hang\"")) {
            waitForTheEnd();
        }
        String reply =
                request.contains("\"broken\"")
                        ? "secret of the upstream"
                        : request.contains("\"fails\"")
                                ? "{\"error\":\"the tool's own words\"}"
                                : "{\"result\":{\"said\":\"yes\"}}";
        answer(exchange, 200, reply);
    }

    private void waitForTheEnd() {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        try (exchange) {
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }
}

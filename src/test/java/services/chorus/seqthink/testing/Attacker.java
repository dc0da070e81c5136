package services.chorus.seqthink.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/**
 * An attacker who terminates TLS between callers and the gateway: it sees tokens and sealed bodies,
 * and does with them what a test plans. The gateway's public URL leads to it. Injected into test
 * fields of its type.
 */
public final class Attacker implements QuarkusTestResourceLifecycleManager {

    /** A request on its way to the gateway; header names in lower case. */
    public record Request(String method, String path, Map<String, String> headers, byte[] body) {

        public Request {
            headers = Map.copyOf(headers);
        }

        /** The same with one header replaced or added. */
        public Request with(String header, String value) {
            Map<String, String> changed = new TreeMap<>(headers);
            changed.put(header, value);
            return new Request(method, path, changed, body);
        }

        public Request to(String otherMethod, String otherPath) {
            return new Request(otherMethod, otherPath, headers, body);
        }

        public Request withBody(byte[] other) {
            return new Request(method, path, headers, other);
        }

        public String token() {
            return headers.get("authorization").split(" ", 2)[1];
        }
    }

    /** An answer on its way back. */
    public record Answer(int status, String type, byte[] body) {

        public Answer withBody(byte[] other) {
            return new Answer(status, type, other);
        }

        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    /** The attacker's answer to a request; it may call the gateway any number of times before. */
    @FunctionalInterface
    public interface Plan {
        Answer answer(Request request) throws Exception;
    }

    // headers that apply to one connection, or that the client sets itself
    private static final Set<String> HOP_BY_HOP =
            Set.of("host", "connection", "content-length", "upgrade", "http2-settings");

    private final List<Request> seen = new CopyOnWriteArrayList<>();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private HttpServer server;
    private URI door;
    private volatile Plan plan;

    @Override
    public int order() {
        return 1; // its public URL overrides the gateway's
    }

    @Override
    public Map<String, String> start() {
        try {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::answer);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
        return Map.of("seqthink.gateway.public-url", url());
    }

    @Override
    public void stop() {
        server.stop(0);
        client.shutdownNow();
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(this, new TestInjector.MatchesType(Attacker.class));
    }

    /** The URL that callers use. */
    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Starts anew in front of this gateway: has seen nothing, and forwards everything. */
    public void restartBefore(URI door) {
        this.door = door;
        seen.clear();
        plan = this::forward;
    }

    public void plans(Plan plan) {
        this.plan = plan;
    }

    /** Every request so far, oldest first. */
    public List<Request> seen() {
        return List.copyOf(seen);
    }

    public List<Request> seen(String path) {
        return seen.stream().filter(request -> request.path().equals(path)).toList();
    }

    /** Sends a request to the gateway. */
    public Answer forward(Request request) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = client.send(outgoing(request), BodyHandlers.ofByteArray());
        return new Answer(response.statusCode(), type(response), response.body());
    }

    /** Reads a stream's first events, each a block of lines without comments, then disconnects. */
    public List<String> events(Request request, int count)
            throws IOException, InterruptedException {
        HttpResponse<InputStream> response =
                client.send(outgoing(request), BodyHandlers.ofInputStream());
        List<String> events = new ArrayList<>();
        StringBuilder event = new StringBuilder();
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            String line = "";
            while (events.size() < count && (line = lines.readLine()) != null) {
                if (line.isEmpty() && !event.isEmpty()) {
                    events.add(event.append('\n').toString());
                    event.setLength(0);
                } else if (!line.isEmpty() && !line.startsWith(":")) {
                    event.append(line).append('\n');
                }
            }
        }
        return events;
    }

    /** A stream that ends after these events. */
    public static Answer stream(List<String> events) {
        return new Answer(
                200, "text/event-stream", String.join("", events).getBytes(StandardCharsets.UTF_8));
    }

    private HttpRequest outgoing(Request request) {
        HttpRequest.Builder builder =
                HttpRequest.newBuilder(door.resolve(request.path()))
                        .method(request.method(), BodyPublishers.ofByteArray(request.body()));
        request.headers()
                .forEach(
                        (name, value) -> {
                            if (!HOP_BY_HOP.contains(name)) {
                                builder.header(name, value);
                            }
                        });
        return builder.build();
    }

    private static String type(HttpResponse<?> response) {
        return response.headers().firstValue("content-type").orElse("");
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Map<String, String> headers = new TreeMap<>();
            exchange.getRequestHeaders()
                    .forEach((name, values) -> headers.put(name.toLowerCase(), values.getFirst()));
            Request request =
                    new Request(
                            exchange.getRequestMethod(),
                            exchange.getRequestURI().getPath(),
                            headers,
                            exchange.getRequestBody().readAllBytes());
            seen.add(request);
            Answer answer = plan.answer(request);
            exchange.getResponseHeaders().set("Content-Type", answer.type());
            exchange.sendResponseHeaders(
                    answer.status(), answer.body().length == 0 ? -1 : answer.body().length);
            exchange.getResponseBody().write(answer.body());
        } catch (Exception e) {
            throw new IOException("The attacker's plan failed", e);
        }
    }
}

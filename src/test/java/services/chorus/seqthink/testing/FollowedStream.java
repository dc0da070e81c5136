package services.chorus.seqthink.testing;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A stream of thoughts, read as it arrives; closing it disconnects. */
public final class FollowedStream implements AutoCloseable {

    public static final String ROUTE = Door.PUBLIC_URL + "/mcp/sse";

    private static final long PATIENCE_SECONDS = 20;
    private static final Event OVER = new Event("over", "", "");

    private final HttpClient http;
    private final HttpResponse<InputStream> response;
    private final AgeKey key;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> comments = new LinkedBlockingQueue<>();

    /** An event as sent. */
    public record Event(String name, String id, String data) {

        public byte[] sealed() {
            return Base64.getDecoder().decode(data);
        }
    }

    private FollowedStream(HttpRequest request, AgeKey key)
            throws IOException, InterruptedException {
        this(HttpClient.newHttpClient(), request, key);
    }

    private FollowedStream(HttpClient http, HttpRequest request, AgeKey key)
            throws IOException, InterruptedException {
        this.http = http;
        this.key = key;
        this.response = http.send(request, BodyHandlers.ofInputStream());
        if (response.statusCode() == 200) {
            Thread.ofVirtual().start(this::read);
        }
    }

    /** A valid request for a stream. */
    public static ObjectNode request(Client caller) {
        ObjectNode request = caller.request("");
        request.remove("tool");
        request.remove("payload");
        return request.put("to", ROUTE);
    }

    /** Requests all thoughts. */
    public static FollowedStream of(Client caller, URI service)
            throws IOException, InterruptedException {
        return get(caller, service, request(caller));
    }

    /** Requests all thoughts with a client that is shut down with the stream. */
    public static FollowedStream of(Client caller, URI service, HttpClient http)
            throws IOException, InterruptedException {
        HttpRequest request = asking(caller, service, caller.sealed(request(caller))).build();
        return new FollowedStream(http, request, caller.key());
    }

    /** Sends a request in the header. */
    public static FollowedStream get(
            Client caller, URI service, ObjectNode request, String... headers)
            throws IOException, InterruptedException {
        return get(caller, service, caller.sealed(request), headers);
    }

    /** Sends sealed bytes in the header, and replaces other headers. */
    public static FollowedStream get(Client caller, URI service, byte[] sealed, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder builder = asking(caller, service, sealed);
        for (int i = 0; i < headers.length; i += 2) {
            builder.setHeader(headers[i], headers[i + 1]);
        }
        return new FollowedStream(builder.build(), caller.key());
    }

    /** Sends sealed bytes as the body. */
    public static FollowedStream post(Client caller, URI service, byte[] sealed)
            throws IOException, InterruptedException {
        return new FollowedStream(
                asking(caller, service)
                        .header("Content-Type", "application/age")
                        .POST(BodyPublishers.ofByteArray(sealed))
                        .build(),
                caller.key());
    }

    public int status() {
        return response.statusCode();
    }

    public String header(String name) {
        return response.headers().firstValue(name).orElse("");
    }

    /** The body of an answer that is no stream. */
    public byte[] body() throws IOException {
        return response.body().readAllBytes();
    }

    /** Waits for the next event. */
    public Event next() throws InterruptedException {
        Event event = events.poll(PATIENCE_SECONDS, SECONDS);
        assertThat(event).as("the next event").isNotNull();
        return event;
    }

    /** Waits for the next event, and opens it. */
    public JsonNode opened() throws InterruptedException {
        Event event = next();
        JsonNode opened = Client.open(event.sealed(), key);
        assertThat(opened.get("event").textValue()).isEqualTo(event.name());
        assertThat(opened.get("sequence").asText()).isEqualTo(event.id());
        return opened;
    }

    /** Waits for a comment line. */
    public String comment() throws InterruptedException {
        return comments.poll(PATIENCE_SECONDS, SECONDS);
    }

    /** Waits for the next event; whether the stream ended instead. */
    public boolean isOver() throws InterruptedException {
        return next() == OVER;
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    private static HttpRequest.Builder asking(Client caller, URI service, byte[] sealed) {
        return asking(caller, service)
                .header(
                        "Sealed-Envelope",
                        Base64.getUrlEncoder().withoutPadding().encodeToString(sealed));
    }

    private static HttpRequest.Builder asking(Client caller, URI service) {
        return HttpRequest.newBuilder(service.resolve("/mcp/sse"))
                .header("Authorization", "Bearer " + caller.token());
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(response.body(), StandardCharsets.US_ASCII))) {
            String name = "";
            String id = "";
            String data = "";
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(":")) {
                    comments.add(line);
                } else if (line.startsWith("event: ")) {
                    name = line.substring(7);
                } else if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("data: ")) {
                    data = line.substring(6);
                } else if (line.isEmpty() && !data.isEmpty()) {
                    events.add(new Event(name, id, data));
                    data = "";
                }
            }
        } catch (IOException e) {
            // a stream that is cut off has ended as well
        }
        events.add(OVER);
    }
}

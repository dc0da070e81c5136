package services.chorus.seqthink.thinking;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Vertx;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.SecureRandom;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.mcp.CallerTag;
import services.chorus.seqthink.mcp.HistoryDigest;
import services.chorus.seqthink.mcp.TagSecret;
import services.chorus.seqthink.testing.States;

/** A built-in server of the test class's own, and requests to it. */
abstract class WithThinkingServer {

    static final int MAX_BODY_BYTES = 100_000;
    static final String PING = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}";
    static final TagSecret SECRET = new TagSecret(new SecureRandom());
    static final HttpClient CLIENT = HttpClient.newHttpClient();
    static Vertx vertx;
    static ThinkingServer server;

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
        server = ThinkingServer.start(vertx, 0, SECRET, MAX_BODY_BYTES, States.inMemory());
    }

    @AfterAll
    static void stop() {
        server.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    static HttpResponse<String> post(String body) throws Exception {
        return send(request().POST(BodyPublishers.ofString(body)));
    }

    static int status(HttpRequest.Builder request) throws Exception {
        return send(request).statusCode();
    }

    static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return CLIENT.send(request.build(), BodyHandlers.ofString());
    }

    static HttpRequest.Builder request() {
        return HttpRequest.newBuilder(server.address().resolve("/mcp"))
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, text/event-stream")
                .header("Seqthink-Caller", tag(1))
                .POST(BodyPublishers.ofString(PING));
    }

    static String tag(int history) {
        return CallerTag.sign(digest(history), SECRET).value();
    }

    static HistoryDigest digest(int fill) {
        byte[] bytes = new byte[HistoryDigest.LENGTH];
        Arrays.fill(bytes, (byte) fill);
        return new HistoryDigest(bytes);
    }

    static JsonNode json(String text) {
        return StrictJson.parse(text.getBytes(UTF_8)).orElseThrow();
    }
}

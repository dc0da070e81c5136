package services.chorus.seqthink.thinking;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.mcp.CallerTag;
import services.chorus.seqthink.mcp.HistoryDigest;
import services.chorus.seqthink.mcp.TagSecret;
import services.chorus.seqthink.net.CertificateAuthorities;
import services.chorus.seqthink.state.ProcessSecret;
import services.chorus.seqthink.state.RedisUrl;
import services.chorus.seqthink.state.SealedState;
import services.chorus.seqthink.state.StateSecrets;
import services.chorus.seqthink.testing.RedisServer;

/** Two built-in servers, as in two replicas, over one Redis. */
class SharedThinkingTest {

    private static final TagSecret TAGS = new TagSecret(new SecureRandom());
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @TempDir Path folder;
    private final Vertx vertx = Vertx.vertx();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private RedisServer redis;
    private URI one;
    private URI two;

    @BeforeEach
    void start() throws Exception {
        redis = RedisServer.start(folder);
        opened.add(redis);
        StateSecrets secrets = new ProcessSecret(new SecureRandom());
        one = server(secrets);
        two = server(secrets);
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void goOnWithEachOthersThoughts() throws Exception {
        assertThat(length(reached(one, 1, 1))).isEqualTo(1);
        assertThat(length(reached(two, 1, 1))).isEqualTo(2);
        JsonNode branched = think(one, 1, 2);

        JsonNode standing = think(two, 1, 3);

        assertThat(length(branched)).isEqualTo(3);
        assertThat(length(standing)).isEqualTo(4);
        assertThat(standing.at("/structuredContent/branches"))
                .hasToString("[\"branch 2\",\"branch 3\"]");
        assertThat(length(think(two, 2, 1))).isEqualTo(1);
    }

    @Test
    void sayThatAHistoryCannotBeReachedAndGoOnWhenItCan() throws Exception {
        reached(one, 1, 1);
        redis.kill();

        JsonNode error = think(one, 1, 1);

        assertThat(error.get("isError").asBoolean()).isTrue();
        assertThat(error.at("/content/0/text").asText()).contains("try again");
        redis.restart();
        assertThat(length(reached(one, 1, 1))).isEqualTo(1);
    }

    private URI server(StateSecrets secrets) throws Exception {
        SealedState state =
                SealedState.inRedis(
                        vertx,
                        RedisUrl.of(redis.url()),
                        CertificateAuthorities.systemAnd(Optional.empty()).trust(),
                        secrets,
                        "https://door.example",
                        InstantSource.system());
        opened.add(state);
        ThinkingServer server = ThinkingServer.start(vertx, 0, TAGS, 100_000, state);
        opened.add(server);
        return server.address().resolve("/mcp");
    }

    /** Thinks when the history can be reached; a machine at work may take longer than a call. */
    private static JsonNode reached(URI server, int caller, int number) {
        List<JsonNode> answers = new ArrayList<>();
        await().atMost(30, SECONDS)
                .until(
                        () -> {
                            answers.add(think(server, caller, number));
                            return !answers.getLast().has("isError");
                        });
        return answers.getLast();
    }

    private static JsonNode think(URI server, int caller, int number) throws Exception {
        String call =
                """
                {"jsonrpc":"2.0","id":1,"method":"tools/call","params":
                {"name":"sequentialthinking","arguments":
                {"thought":"t","nextThoughtNeeded":true,"thoughtNumber":%d,"totalThoughts":9%s}}}
                """
                        .formatted(number, number == 1 ? "" : branch(number));
        byte[] digest = new byte[HistoryDigest.LENGTH];
        Arrays.fill(digest, (byte) caller);
        HttpRequest request =
                HttpRequest.newBuilder(server)
                        .header("Content-Type", "application/json")
                        .header("Accept", "application/json, text/event-stream")
                        .header(
                                "Seqthink-Caller",
                                CallerTag.sign(new HistoryDigest(digest), TAGS).value())
                        .POST(BodyPublishers.ofString(call))
                        .build();
        String body = CLIENT.send(request, BodyHandlers.ofString()).body();
        return StrictJson.parse(body.getBytes(UTF_8)).orElseThrow().get("result");
    }

    private static String branch(int number) {
        return ",\"branchFromThought\":1,\"branchId\":\"branch " + number + "\"";
    }

    private static int length(JsonNode result) {
        return result.at("/structuredContent/thoughtHistoryLength").intValue();
    }
}

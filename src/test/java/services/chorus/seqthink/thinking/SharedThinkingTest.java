package services.chorus.seqthink.thinking;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import services.chorus.seqthink.mcp.Message;
import services.chorus.seqthink.mcp.Message.Response;
import services.chorus.seqthink.mcp.Messages;
import services.chorus.seqthink.mcp.Upstream;
import services.chorus.seqthink.net.CertificateAuthorities;
import services.chorus.seqthink.state.History;
import services.chorus.seqthink.state.RedisUrl;
import services.chorus.seqthink.state.SealedState;
import services.chorus.seqthink.state.StateSecrets;
import services.chorus.seqthink.testing.RedisServer;

/** Two built-in servers, as in two replicas, with one Redis. */
class SharedThinkingTest {

    @TempDir Path folder;
    private final Vertx vertx = Vertx.vertx();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private RedisServer redis;
    private Upstream one;
    private Upstream two;

    @BeforeEach
    void start() throws Exception {
        redis = RedisServer.start(folder);
        opened.add(redis);
        StateSecrets secrets = new StateSecrets.OfProcess(new SecureRandom());
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
    void serversShareHistories() throws Exception {
        assertThat(length(thinkOnceAvailable(one, "alice", 1))).isEqualTo(1);
        assertThat(length(thinkOnceAvailable(two, "alice", 1))).isEqualTo(2);
        JsonNode branched = think(one, "alice", 2);

        JsonNode standing = think(two, "alice", 3);

        assertThat(length(branched)).isEqualTo(3);
        assertThat(length(standing)).isEqualTo(4);
        assertThat(standing.at("/structuredContent/branches"))
                .hasToString("[\"branch 2\",\"branch 3\"]");
        assertThat(length(think(two, "bob", 1))).isEqualTo(1);
    }

    @Test
    void serversReportAnUnavailableHistoryAndRecover() throws Exception {
        thinkOnceAvailable(one, "alice", 1);
        redis.kill();

        JsonNode error = think(one, "alice", 1);

        assertThat(error.get("isError").asBoolean()).isTrue();
        assertThat(error.at("/content/0/text").asText()).contains("try again");
        redis.restart();
        assertThat(length(thinkOnceAvailable(one, "alice", 1))).isEqualTo(1);
    }

    private Upstream server(StateSecrets secrets) throws Exception {
        SealedState state =
                SealedState.inRedis(
                        vertx,
                        RedisUrl.parse(redis.url()),
                        CertificateAuthorities.systemAnd(Optional.empty()).trust(),
                        secrets,
                        "https://door.example",
                        InstantSource.system());
        opened.add(state);
        return new ThinkingServer(state);
    }

    /** Repeats a call until the history is available. */
    private static JsonNode thinkOnceAvailable(Upstream server, String caller, int number) {
        List<JsonNode> answers = new ArrayList<>();
        await().atMost(30, SECONDS)
                .until(
                        () -> {
                            answers.add(think(server, caller, number));
                            return !answers.getLast().has("isError");
                        });
        return answers.getLast();
    }

    private static JsonNode think(Upstream server, String caller, int number) throws Exception {
        String call =
                """
                {"name":"sequentialthinking","arguments":
                {"thought":"t","nextThoughtNeeded":true,"thoughtNumber":%d,"totalThoughts":9%s}}
                """
                        .formatted(number, number == 1 ? "" : branch(number));
        List<Message> received =
                Messages.all(
                        server.channel(new History(caller, caller))
                                .send(Messages.request("1", "tools/call", call)));
        return ((Response) received.getLast()).result();
    }

    private static String branch(int number) {
        return ",\"branchFromThought\":1,\"branchId\":\"branch " + number + "\"";
    }

    private static int length(JsonNode result) {
        return result.at("/structuredContent/thoughtHistoryLength").intValue();
    }
}

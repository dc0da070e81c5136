package services.chorus.seqthink.thinking;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.mcp.CallerTag;
import services.chorus.seqthink.mcp.HistoryDigest;
import services.chorus.seqthink.mcp.TagSecret;
import services.chorus.seqthink.testing.NodePackages;
import services.chorus.seqthink.testing.States;

class SdkInteropTest {

    @Test
    void servesTheOfficialClient() throws Exception {
        NodePackages.install();
        TagSecret secret = new TagSecret(new SecureRandom());
        HistoryDigest history = new HistoryDigest(new byte[HistoryDigest.LENGTH]);
        Vertx vertx = Vertx.vertx();
        try (ThinkingServer server =
                ThinkingServer.start(vertx, 0, secret, 1 << 20, States.inMemory())) {
            String printed =
                    NodePackages.run(
                            "sdk-client.mjs",
                            server.address().resolve("/mcp").toString(),
                            CallerTag.sign(history, secret).value());

            JsonNode got = StrictJson.parse(printed.getBytes(UTF_8)).orElseThrow();
            assertThat(got.at("/server/name").textValue()).isEqualTo("seqthink-thinking");
            assertThat(got.get("tools")).hasToString("[\"sequentialthinking\"]");
            assertThat(got.get("second"))
                    .hasToString(
                            "{\"thoughtNumber\":2,\"totalThoughts\":2,\"nextThoughtNeeded\":true,"
                                    + "\"branches\":[\"b\"],\"thoughtHistoryLength\":2}");
            assertThat(got.get("text")).isEqualTo(got.get("second"));
            assertThat(got.at("/wrong/isError").booleanValue()).isTrue();
            assertThat(got.get("unknown").intValue()).isEqualTo(-32602);
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }
}

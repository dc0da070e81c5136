package services.chorus.seqthink.state;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import services.chorus.seqthink.testing.RedisServer;

class RedisStateTest extends SharedStateContract {

    private static Vertx vertx;
    private static RedisServer redis;
    private static Redis client;

    // shares nothing with the other tests on the same Redis
    private final String server = "https://door.example/" + UUID.randomUUID();

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        redis = RedisServer.start(folder);
        vertx = Vertx.vertx();
        client = Redis.createClient(vertx, redis.url());
        // the first connection may take longer than one operation may
        RedisStates.send(client, Command.PING);
    }

    @AfterAll
    static void stop() {
        if (vertx != null) {
            vertx.close().toCompletionStage().toCompletableFuture().join();
            redis.close();
        }
    }

    @Override
    SealedState over(StateSecrets secrets) {
        return RedisStates.over(vertx, redis.url(), Optional.empty(), secrets, server);
    }

    @Override
    Duration shortLife() {
        return Duration.ofMillis(300);
    }

    @Override
    void passTime() {}

    @Test
    void storesNothingReadableAndNothingWithoutExpiry() {
        SealedState state = replica(new NamedSecrets("A", "B"));
        Name name = new Name("usage", "identity");
        put(state, name, "plaintext", LONG);
        append(state, name, "plaintext");
        admit(state, name, "somebody", LONG, 9);

        List<String> keys = RedisStates.strings(client, Command.KEYS, "*");
        assertThat(keys).hasSizeGreaterThanOrEqualTo(5);
        StringBuilder seen = new StringBuilder();
        for (String key : keys) {
            seen.append(key)
                    .append(RedisStates.send(client, Command.DUMP, key).toString(ISO_8859_1));
            assertThat(RedisStates.send(client, Command.PTTL, key).toLong()).isPositive();
        }
        assertThat(seen.toString())
                .doesNotContain("usage", "identity", "plaintext", "somebody", server);
    }
}

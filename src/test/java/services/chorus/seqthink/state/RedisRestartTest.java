package services.chorus.seqthink.state;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static services.chorus.seqthink.state.SharedStateContract.LONG;
import static services.chorus.seqthink.state.SharedStateContract.ONE;
import static services.chorus.seqthink.state.SharedStateContract.TWO;
import static services.chorus.seqthink.state.SharedStateContract.admit;
import static services.chorus.seqthink.state.SharedStateContract.append;
import static services.chorus.seqthink.state.SharedStateContract.get;
import static services.chorus.seqthink.state.SharedStateContract.put;
import static services.chorus.seqthink.state.SharedStateContract.read;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.hash.Sha256;
import services.chorus.seqthink.testing.RedisServer;

/** State after a restart of Redis with the shipped configuration of its users. */
class RedisRestartTest {

    private static final Pattern USER =
            Pattern.compile("\\buser \\w+ o(?:n|ff) [^'\"\n]*[+-]@?\\w+");
    private static final Pattern HASH = Pattern.compile("#HASH|#\\$hash|\\$\\*");
    private static final String PASSWORD = "door-of-this-test";

    @TempDir Path folder;
    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"deploy/seqthink/secrets.sh", "k8s/make-keys.sh", "k8s/secrets.sample.yaml"})
    void keepsAllState(String shipped) throws Exception {
        Path users = Files.write(folder.resolve("users.acl"), users(Path.of(shipped)));
        try (RedisServer redis =
                RedisServer.start(
                        folder,
                        "--appendonly",
                        "yes",
                        "--appendfsync",
                        "always",
                        "--aclfile",
                        users.toString())) {
            String url = redis.url().replace("//", "//door:" + PASSWORD + "@");
            try (SealedState before = state(url)) {
                await().atMost(30, SECONDS)
                        .ignoreExceptions()
                        .until(() -> put(before, ONE, "a", LONG));
                append(before, TWO, "b");
                append(before, TWO, "c");
                assertThat(admit(before, ONE, "d", LONG, 2)).isEqualTo(Admission.ADMITTED);
            }

            redis.kill();
            redis.restart();

            try (SealedState after = state(url)) {
                await().atMost(30, SECONDS)
                        .ignoreExceptions()
                        .until(() -> get(after, ONE).equals(Optional.of("a")));
                assertThat(read(after, TWO, 0)).hasSize(2);
                assertThat(admit(after, ONE, "d", LONG, 2)).isEqualTo(Admission.KNOWN);
            }
        }
    }

    private static List<String> users(Path shipped) throws IOException {
        String hash =
                "#" + HexFormat.of().formatHex(Sha256.digest().digest(PASSWORD.getBytes(UTF_8)));
        List<String> users =
                USER.matcher(Files.readString(shipped))
                        .results()
                        .map(MatchResult::group)
                        .map(line -> HASH.matcher(line).replaceAll(hash))
                        .toList();
        assertThat(users).hasSize(3);
        return users;
    }

    private SealedState state(String url) {
        return RedisStates.over(
                vertx, url, Optional.empty(), new NamedSecrets("A"), "https://door.example");
    }
}

package services.chorus.seqthink.cli;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.restassured.response.Response;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import services.chorus.seqthink.testing.Canaries;
import services.chorus.seqthink.testing.Client;
import services.chorus.seqthink.testing.FollowedStream;
import services.chorus.seqthink.testing.RedisServer;
import services.chorus.seqthink.testing.Service;
import services.chorus.seqthink.testing.TestIssuer;

/** Two packaged gateways that share one Redis. */
class TwoReplicasIT {

    private static final int QUOTA = 10;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir static Path folder;
    @AutoClose static TestIssuer issuer;
    @AutoClose static RedisServer redis;
    @AutoClose static Service one;
    @AutoClose static Service other;
    static DoorFiles files;
    static Path identitiesOfOther;

    @BeforeAll
    static void startBoth() throws IOException {
        issuer = TestIssuer.start();
        redis = RedisServer.start(folder, "--requirepass", "let-me-in");
        files = DoorFiles.in(folder);
        identitiesOfOther = folder.resolve("other-door.key");
        Files.copy(files.identities(), identitiesOfOther, StandardCopyOption.COPY_ATTRIBUTES);
        Map<String, String> environment = files.environment();
        environment.put("KACHING_JWKS_URL", issuer.jwksUrl());
        environment.put("STATE_URL", redis.url().replace("//", "//:let-me-in@"));
        environment.put("REPLAY_QUOTA", String.valueOf(QUOTA));
        one = Service.start("TwoReplicasIT-one", environment);
        environment.put("AGE_IDENT_PATH", identitiesOfOther.toString());
        other = Service.start("TwoReplicasIT-other", environment);
    }

    @AfterEach
    void awaitRedis() throws IOException {
        if (!answers()) {
            redis.restart();
        }
        await().atMost(PATIENCE).until(TwoReplicasIT::answers);
    }

    @Test
    void bothTogetherAcceptARequestOnce() {
        Client caller = newCaller();
        byte[] sealed = caller.sealed(caller.request(Canaries.thought()));

        assertThat(caller.post(one, sealed).statusCode()).isEqualTo(200);
        assertRejected(caller, caller.post(other, sealed), 409, "replayed");
        assertRejected(caller, caller.post(one, sealed), 409, "replayed");
    }

    @Test
    void eitherContinuesAChainOfThoughts() {
        Client caller = newCaller();

        assertThat(historyAfterAThought(caller, one)).isEqualTo(1);
        assertThat(historyAfterAThought(caller, other)).isEqualTo(2);
        assertThat(historyAfterAThought(caller, one)).isEqualTo(3);
        assertThat(historyAfterAThought(newCaller(), other)).isEqualTo(1);
    }

    @Test
    void aStreamAtOneReceivesTheThoughtsOfBoth() throws Exception {
        Client caller = newCaller();
        try (FollowedStream stream = FollowedStream.of(caller, URI.create(other.url()))) {
            assertThat(stream.opened().get("event").textValue()).isEqualTo("open");

            String first = Canaries.thought();
            caller.post(one, caller.sealed(caller.request(first))).then().statusCode(200);
            assertThat(stream.opened().at("/payload/thought").textValue()).isEqualTo(first);
            String second = Canaries.thought();
            caller.post(other, caller.sealed(caller.request(second))).then().statusCode(200);
            assertThat(stream.opened().at("/payload/thought").textValue()).isEqualTo(second);
        }
    }

    @Test
    void aFloodCausesNoRejectionOfAnotherCaller() {
        Client flooder = newCaller();
        for (int i = 0; i < QUOTA; i++) {
            historyAfterAThought(flooder, i % 2 == 0 ? one : other);
        }

        byte[] oneMore = flooder.sealed(flooder.request(Canaries.thought()));
        assertRejected(flooder, flooder.post(one, oneMore), 503, "replay-guard-full");
        assertRejected(flooder, flooder.post(other, oneMore), 503, "replay-guard-full");
        assertThat(historyAfterAThought(newCaller(), one)).isEqualTo(1);
        assertThat(historyAfterAThought(newCaller(), other)).isEqualTo(1);
    }

    @Test
    void nothingIsAcceptedWithoutRedisAndEverythingAfterItsReturn() throws IOException {
        Client caller = newCaller();
        assertThat(historyAfterAThought(caller, one)).isEqualTo(1);
        redis.kill();

        byte[] sealed = caller.sealed(caller.request(Canaries.thought()));
        Response refused = caller.post(one, sealed);
        assertRejected(caller, refused, 503, "state-unavailable");
        assertThat(refused.header("Retry-After")).isNotBlank();
        await().atMost(PATIENCE).until(() -> readiness(one) == 503);

        redis.restart();
        await().atMost(PATIENCE).until(() -> caller.post(one, sealed).statusCode() == 200);
        assertThat(caller.post(other, sealed).statusCode()).isEqualTo(409);
        await().atMost(PATIENCE).until(() -> readiness(one) == 200);
    }

    @Test
    void redisStoresNothingReadable() throws Exception {
        Client caller = newCaller();
        String thought = Canaries.thought();
        ObjectNode request = caller.request(thought);
        caller.post(one, caller.sealed(request)).then().statusCode(200);

        String dump = dump();

        assertThat(dump)
                .isNotBlank()
                .doesNotContain(thought)
                .doesNotContain(request.get("request_id").textValue())
                .doesNotContain(caller.key().recipient())
                .doesNotContain("sequentialthinking");
    }

    @Test
    void bothAdvertiseANewRecipientTogether() throws IOException {
        rotate("--prepare");
        Files.copy(files.identities(), identitiesOfOther, StandardCopyOption.REPLACE_EXISTING);
        await().atMost(PATIENCE)
                .until(() -> opened(one).equals(opened(other)) && opened(one).size() == 2);
        long version = document(other).get("version").longValue();

        rotate("--promote");

        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> {
                            JsonNode promoted = document(one);
                            assertThat(promoted.get("version").longValue()).isEqualTo(version + 1);
                            assertThat(document(other).get("version"))
                                    .isEqualTo(promoted.get("version"));
                            assertThat(document(other).get("recipients"))
                                    .isEqualTo(promoted.get("recipients"));
                        });
    }

    private static int readiness(Service service) {
        return given().baseUri(service.url()).get("/ready").statusCode();
    }

    private static void rotate(String step) {
        CommandRun.of("rotate", "-f", files.identities().toString(), step).orFail();
    }

    private static JsonNode document(Service service) throws IOException {
        String jws =
                given().baseUri(service.url())
                        .get("/.well-known/age-recipients")
                        .then()
                        .statusCode(200)
                        .extract()
                        .asString();
        byte[] payload = Base64.getUrlDecoder().decode(jws.split("\\.")[1]);
        return new ObjectMapper().readTree(payload);
    }

    private static Set<String> opened(Service service) throws IOException {
        Set<String> fingerprints = new TreeSet<>();
        document(service).get("opens").forEach(print -> fingerprints.add(print.textValue()));
        return fingerprints;
    }

    private static Client newCaller() {
        return new Client(files.key(), issuer.token("caller-" + UUID.randomUUID()));
    }

    private static int historyAfterAThought(Client caller, Service service) {
        Response reply = caller.post(service, caller.sealed(caller.request(Canaries.thought())));
        reply.then().statusCode(200);
        return caller.open(reply).at("/result/thoughtHistoryLength").intValue();
    }

    private static boolean answers() {
        Client caller = newCaller();
        return caller.post(one, caller.sealed(caller.request(Canaries.thought()))).statusCode()
                == 200;
    }

    private static void assertRejected(Client caller, Response reply, int status, String code) {
        assertThat(reply.statusCode()).isEqualTo(status);
        JsonNode opened = caller.open(reply);
        assertThat(opened.get("status").intValue()).isEqualTo(status);
        assertThat(opened.at("/error/code").textValue()).isEqualTo(code);
    }

    /** Everything that Redis stores. */
    private static String dump() throws Exception {
        String keys = redisCli("--scan");
        StringBuilder all = new StringBuilder(keys);
        for (String key : keys.lines().toList()) {
            all.append(redisCli("DUMP", key));
        }
        return all.toString();
    }

    private static String redisCli(String... command) throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(
                        "redis-cli", "-p", String.valueOf(redis.port()), "--no-auth-warning");
        builder.command().addAll(List.of(command));
        builder.environment().put("REDISCLI_AUTH", "let-me-in");
        Process process = builder.redirectErrorStream(true).start();
        return new String(process.getInputStream().readAllBytes(), UTF_8);
    }
}

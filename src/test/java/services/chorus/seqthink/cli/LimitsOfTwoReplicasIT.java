package services.chorus.seqthink.cli;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.restassured.response.Response;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import services.chorus.seqthink.testing.RedisServer;
import services.chorus.seqthink.testing.Scrape;
import services.chorus.seqthink.testing.Service;
import services.chorus.seqthink.testing.TestIssuer;

/** The limits of two packaged gateways that share one Redis. */
class LimitsOfTwoReplicasIT {

    private static final int LIMIT = 60;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir static Path folder;
    @AutoClose static TestIssuer issuer;
    @AutoClose static RedisServer redis;
    @AutoClose static Service one;
    @AutoClose static Service other;

    @BeforeAll
    static void startBoth() throws IOException {
        issuer = TestIssuer.start();
        redis = RedisServer.start(folder);
        Map<String, String> environment = DoorFiles.in(folder).environment();
        environment.put("KACHING_JWKS_URL", issuer.jwksUrl());
        environment.put("STATE_URL", redis.url());
        environment.put("RATE_LIMIT_PER_MINUTE", String.valueOf(LIMIT));
        one = Service.start("LimitsOfTwoReplicasIT-one", environment);
        other = Service.start("LimitsOfTwoReplicasIT-other", environment);
    }

    @Test
    void bothLimitACallerTogether() {
        awaitSharedCounting();
        double before = unshared(one) + unshared(other);

        List<Integer> statuses = sendToBoth(newCaller(), 4 * LIMIT);

        assertThat(unshared(one) + unshared(other)).isEqualTo(before);
        assertThat(statuses).containsOnly(415, 429);
        // some permits are refilled meanwhile
        assertThat(Collections.frequency(statuses, 415)).isBetween(LIMIT, LIMIT + LIMIT / 2);
        assertThat(send(one, newCaller()).statusCode()).isEqualTo(415);
        assertThat(send(other, newCaller()).statusCode()).isEqualTo(415);
    }

    @Test
    void eachLimitsAloneWhileRedisIsDownAndBothTogetherAfterwards() throws IOException {
        awaitSharedCounting();
        redis.kill();
        try {
            String token = newCaller();
            assertThat(send(one, token).header("X-RateLimit-Remaining")).isEqualTo("59");
            assertThat(send(other, token).header("X-RateLimit-Remaining")).isEqualTo("59");
            assertThat(unshared(one)).isPositive();
            assertThat(unshared(other)).isPositive();

            List<Integer> statuses = sendToBoth(newCaller(), 4 * LIMIT);
            assertThat(statuses).containsOnly(415, 429);
            assertThat(Collections.frequency(statuses, 415)).isBetween(2 * LIMIT, 3 * LIMIT);
        } finally {
            redis.restart();
        }
        awaitSharedCounting();
    }

    @Test
    void failedRequestsSendNothingToRedis() {
        awaitSharedCounting();
        long before = commands();

        List<Integer> statuses = sendToBoth("no-token", 1_000);

        assertThat(statuses).containsOnly(401, 429);
        // the gateways also poll Redis
        assertThat(commands() - before).isLessThan(100);
    }

    /** Waits until both replicas count the requests of a new caller together. */
    private static void awaitSharedCounting() {
        await().atMost(PATIENCE)
                .until(
                        () -> {
                            String token = newCaller();
                            return "59".equals(send(one, token).header("X-RateLimit-Remaining"))
                                    && "58"
                                            .equals(
                                                    send(other, token)
                                                            .header("X-RateLimit-Remaining"));
                        });
    }

    private static String newCaller() {
        return issuer.token("caller-" + UUID.randomUUID());
    }

    /** Sends a request that is rejected right after its token and scope are accepted. */
    private static Response send(Service service, String token) {
        return given().baseUri(service.url())
                .header("Authorization", "Bearer " + token)
                .contentType("text/plain")
                .body("?")
                .post("/mcp/tool");
    }

    /** The statuses of many concurrent requests, half of them to each replica. */
    private static List<Integer> sendToBoth(String token, int times) {
        try (HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            List<CompletableFuture<HttpResponse<Void>>> answers =
                    IntStream.range(0, times)
                            .mapToObj(i -> request(i % 2 == 0 ? one : other, token))
                            .map(request -> http.sendAsync(request, BodyHandlers.discarding()))
                            .toList();
            return answers.stream()
                    .map(CompletableFuture::join)
                    .map(HttpResponse::statusCode)
                    .toList();
        }
    }

    private static HttpRequest request(Service service, String token) {
        return HttpRequest.newBuilder(URI.create(service.url() + "/mcp/tool"))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "text/plain")
                .POST(BodyPublishers.ofString("?"))
                .build();
    }

    private static double unshared(Service service) {
        return Scrape.of(service).values().get("seqthink_unshared_rates_total");
    }

    /** The number of commands that Redis has received. */
    private static long commands() {
        Vertx vertx = Vertx.vertx();
        try {
            return Redis.createClient(vertx, redis.url())
                    .send(Request.cmd(Command.INFO).arg("stats"))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join()
                    .toString()
                    .lines()
                    .filter(line -> line.startsWith("total_commands_processed:"))
                    .mapToLong(line -> Long.parseLong(line.split(":")[1].strip()))
                    .findFirst()
                    .orElseThrow();
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }
}

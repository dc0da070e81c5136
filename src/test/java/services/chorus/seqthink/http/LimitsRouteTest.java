package services.chorus.seqthink.http;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.jose4j.jwk.RsaJsonWebKey;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.testing.Canaries;
import services.chorus.seqthink.testing.Client;
import services.chorus.seqthink.testing.Door;
import services.chorus.seqthink.testing.FollowedStream;
import services.chorus.seqthink.testing.Scrape;
import services.chorus.seqthink.testing.TestIssuer;

/** The limits of callers and of failures, behind a load balancer on loopback. */
@QuarkusTest
@WithTestResource(
        value = Door.class,
        initArgs = {
            @ResourceArg(name = "seqthink.limits.per-minute", value = "200"),
            @ResourceArg(name = "seqthink.limits.failures-per-minute", value = "60"),
            @ResourceArg(name = "seqthink.limits.trusted-proxies", value = "127.0.0.1")
        })
class LimitsRouteTest {

    private static final int FAILURES = 10_000;
    private static final int GOOD_CALLS = 100;
    private static final List<String> HEADERS =
            List.of(
                    "RateLimit-Policy",
                    "RateLimit",
                    "X-RateLimit-Limit",
                    "X-RateLimit-Remaining",
                    "X-RateLimit-Reset");

    Door door;

    @Test
    void answersAVerifiedCallerDuringTenThousandFailuresFromItsAddress()
            throws InterruptedException {
        Client good = Client.stranger(door);
        assertThat(good.historyAfter(Canaries.thought())).isEqualTo(1);
        List<String> failing = failingTokens();
        Scrape before = Scrape.now();
        List<CompletableFuture<Integer>> flood = new ArrayList<>();
        Semaphore atOnce = new Semaphore(500);

        try (HttpClient crowd = crowd()) {
            for (int call = 1; call <= GOOD_CALLS; call++) {
                for (int i = 0; i < FAILURES / GOOD_CALLS; i++) {
                    String token = failing.get(flood.size() % failing.size());
                    atOnce.acquire();
                    flood.add(
                            crowd.sendAsync(callWith(token), BodyHandlers.discarding())
                                    .whenComplete((answer, failure) -> atOnce.release())
                                    .thenApply(HttpResponse::statusCode));
                }
                Response response = good.post(good.sealed(good.request(Canaries.thought())));
                response.then().statusCode(200);
                assertThat(good.open(response).at("/result/thoughtHistoryLength").intValue())
                        .isEqualTo(call + 1);
                // only its own calls were counted
                assertThat(remaining(response)).isGreaterThanOrEqualTo(200 - 1 - call);
            }
            List<Integer> statuses = flood.stream().map(CompletableFuture::join).toList();
            assertThat(statuses).hasSize(FAILURES).containsOnly(401, 429);
            assertThat(statuses.stream().filter(status -> status == 401).count())
                    .isBetween(60L, (long) FAILURES / 2);
        }

        Scrape after = Scrape.now();
        assertThat(after.since(before, "seqthink_rate_limited_total")).isZero();
        assertThat(after.since(before, "seqthink_failures_limited_total"))
                .isBetween(FAILURES / 2.0, (double) FAILURES);
    }

    @Test
    void rejectsOnlyTheCallerOverItsRate() {
        String token = door.issuer().token("caller-" + UUID.randomUUID());
        Scrape before = Scrape.now();

        try (HttpClient crowd = crowd()) {
            List<CompletableFuture<HttpResponse<Void>>> calls =
                    Stream.generate(
                                    () ->
                                            crowd.sendAsync(
                                                    probeWith(token), BodyHandlers.discarding()))
                            .limit(300)
                            .toList();
            List<Integer> statuses =
                    calls.stream()
                            .map(CompletableFuture::join)
                            .map(HttpResponse::statusCode)
                            .toList();
            assertThat(statuses).containsOnly(415, 429);
            assertThat(Collections.frequency(statuses, 415)).isBetween(200, 299);
        }
        Response response = probe(token);
        while (response.statusCode() == 415) {
            response = probe(token);
        }

        response.then()
                .statusCode(429)
                .contentType("application/problem+json")
                .body("code", equalTo("rate-limited"));
        assertThat(response.header("WWW-Authenticate")).isNull();
        assertThat(Integer.parseInt(response.header("Retry-After"))).isEqualTo(1);
        assertThat(remaining(response)).isZero();
        assertThat(Scrape.now().since(before, "seqthink_rate_limited_total")).isBetween(2.0, 101.0);
        assertThat(probe(door.issuer().token("caller-" + UUID.randomUUID())).statusCode())
                .isEqualTo(415);
    }

    @Test
    void reportsTheAllowanceOnEveryAnswerToAnAuthenticatedCaller() throws Exception {
        Client caller = Client.stranger(door);

        Response called = caller.post(caller.sealed(caller.request(Canaries.thought())));
        called.then().statusCode(200);
        assertAllowance(called, 199);
        assertAllowance(probe(caller.token()), 198);
        assertAllowance(caller.post(new byte[0]), 197);

        try (FollowedStream stream = FollowedStream.of(caller, URI.create(door()))) {
            assertThat(stream.status()).isEqualTo(200);
            assertThat(stream.header("X-RateLimit-Remaining")).matches("19[6-9]");
        }

        String unscoped =
                door.issuer().token("caller-" + UUID.randomUUID(), c -> c.unsetClaim("scope"));
        Response refused = probe(unscoped);
        refused.then().statusCode(403);
        assertAllowance(refused, 199);
    }

    @Test
    void reportsNoAllowanceToOthers() {
        for (Response response :
                List.of(
                        probe(given().header("X-Forwarded-For", "192.0.2.77")),
                        given().get("/health"),
                        given().get("/nothing"))) {
            assertThat(response.headers().asList())
                    .noneMatch(header -> HEADERS.contains(header.getName()));
        }
    }

    @Test
    void countsFailuresByTheAddressFromTheBalancer() {
        String flooder = "192.0.2.1";
        Response response = failFrom("198.51.100.1, " + flooder);
        for (int i = 0; i < 200 && response.statusCode() == 401; i++) {
            assertThat(response.header("WWW-Authenticate")).startsWith("Bearer ");
            response = failFrom("198.51.100." + i + ", " + flooder);
        }

        response.then()
                .statusCode(429)
                .contentType("application/problem+json")
                .body("code", equalTo("too-many-failures"));
        assertThat(Integer.parseInt(response.header("Retry-After"))).isEqualTo(1);
        assertThat(failFrom("192.0.2.2").statusCode()).isEqualTo(401);
        assertThat(failFrom(flooder + ", 192.0.2.3").statusCode()).isEqualTo(401);
        assertThat(
                        probe(
                                        given().header("X-Forwarded-For", flooder)
                                                .header(
                                                        "Authorization",
                                                        "Bearer " + door.issuer().token("good")))
                                .statusCode())
                .isEqualTo(415);
    }

    private List<String> failingTokens() {
        RsaJsonWebKey forger = TestIssuer.newKey();
        forger.setKeyId(door.issuer().current().getKeyId());
        return List.of(
                "",
                "no-token",
                TestIssuer.sign(TestIssuer.claims("caller", c -> {}), forger),
                door.issuer().token("caller", c -> c.setClaim("exp", 1_000_000_000L)),
                door.issuer().token("caller", c -> c.setAudience("https://other.example")));
    }

    private static String door() {
        return "http://127.0.0.1:" + RestAssured.port;
    }

    private static HttpClient crowd() {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    private static HttpRequest callWith(String token) {
        return request(token, "application/age");
    }

    private static HttpRequest probeWith(String token) {
        return request(token, "text/plain");
    }

    private static HttpRequest request(String token, String contentType) {
        URI url = URI.create(door() + Route.Paths.TOOL);
        HttpRequest.Builder request =
                HttpRequest.newBuilder(url)
                        .header("Content-Type", contentType)
                        .POST(BodyPublishers.ofByteArray(new byte[] {1}));
        Optional.of(token)
                .filter(present -> !present.isEmpty())
                .ifPresent(present -> request.header("Authorization", "Bearer " + present));
        return request.build();
    }

    private static Response failFrom(String forwardedFor) {
        return probe(given().header("X-Forwarded-For", forwardedFor));
    }

    private static Response probe(String token) {
        return probe(given().header("Authorization", "Bearer " + token));
    }

    /** A request that is rejected (415) right after its token and scope were accepted. */
    private static Response probe(RequestSpecification request) {
        return request.contentType("text/plain").body("?").post(Route.Paths.TOOL);
    }

    private static long remaining(Response response) {
        return Long.parseLong(response.header("X-RateLimit-Remaining"));
    }

    private static void assertAllowance(Response response, int least) {
        long remaining = remaining(response);
        assertThat(remaining).isBetween((long) least, 199L);
        assertThat(response.header("RateLimit-Policy")).isEqualTo("\"caller\";q=200;w=60");
        assertThat(response.header("RateLimit"))
                .matches("\"caller\";r=" + remaining + ";t=[1-9]\\d?");
        assertThat(response.header("X-RateLimit-Limit")).isEqualTo("200");
        assertThat(response.header("X-RateLimit-Reset")).matches("[1-9]\\d?");
        assertThat(Set.copyOf(response.headers().asList().stream().map(h -> h.getName()).toList()))
                .containsAll(HEADERS)
                .doesNotContain("Retry-After");
    }
}

package services.chorus.seqthink.http;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.not;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.testing.AcceptingGateway;
import services.chorus.seqthink.testing.Canaries;
import services.chorus.seqthink.testing.Client;
import services.chorus.seqthink.testing.Door;
import services.chorus.seqthink.testing.Scrape;
import services.chorus.seqthink.testing.TestIssuer;

@QuarkusTest
@WithTestResource(Door.class)
class HttpFaceTest {

    Door door;

    @BeforeEach
    void awaitReadiness() {
        AcceptingGateway.awaitDefault();
    }

    @Test
    void probesAnswerInPlainTextAndAsJson() {
        when().get("/health").then().statusCode(200).body(equalTo("OK"));
        when().get("/ready").then().statusCode(200).body(equalTo("READY"));
        when().get("/q/health/live").then().statusCode(200).body("status", equalTo("UP"));
        when().get("/q/health/ready").then().statusCode(200).body("status", equalTo("UP"));
    }

    @Test
    void metadataNamesIssuerAndScope() {
        when().get("/.well-known/oauth-protected-resource")
                .then()
                .statusCode(200)
                .contentType("application/json")
                .body("resource", equalTo(Door.PUBLIC_URL))
                .body("authorization_servers", contains(TestIssuer.ISSUER))
                .body("scopes_supported", contains(TestIssuer.SCOPE))
                .body("bearer_methods_supported", contains("header"))
                .body("dpop_signing_alg_values_supported", hasItems("ES256", "EdDSA"))
                .body("dpop_signing_alg_values_supported", not(hasItem("none")))
                .body("dpop_bound_access_tokens_required", equalTo(false));
    }

    @Test
    void problemsOfTheHttpLayerHaveProblemBodies() {
        when().get("/nothing/here")
                .then()
                .statusCode(404)
                .contentType("application/problem+json")
                .body("code", equalTo("not-found"));
        when().delete("/mcp/tool")
                .then()
                .statusCode(405)
                .header("Allow", "POST")
                .contentType("application/problem+json")
                .body("code", equalTo("method-not-allowed"));
    }

    @Test
    void issuerRoutesDoNotExistWithoutTheIssuerRole() {
        when().get("/.well-known/jwks.json").then().statusCode(404);
        given().formParam("grant_type", "client_credentials")
                .post("/oauth/token")
                .then()
                .statusCode(404)
                .contentType("application/problem+json");
    }

    @Test
    void rejectsAnEncodedBody() {
        Client caller = Client.stranger(door);
        given().header("Authorization", "Bearer " + caller.token())
                .header("Content-Encoding", "gzip")
                .contentType("application/age")
                .body(caller.sealed(caller.request(Canaries.thought())))
                .post("/mcp/tool")
                .then()
                .statusCode(415);
    }

    @Test
    void rejectsATooLargeHeaderWithoutABody() {
        given().header("Sealed-Envelope", "x".repeat(33 * 1024))
                .get("/mcp/sse")
                .then()
                .statusCode(431)
                .body(equalTo(""));
    }

    @Test
    void metersHaveTheirExactNamesAndCount() {
        Client caller = Client.stranger(door);
        Scrape before = Scrape.now();
        caller.historyAfter(Canaries.thought());
        caller.post(new byte[] {1, 2, 3});
        when().post("/mcp/tool");
        Scrape after = Scrape.now();

        assertThat(after.names())
                .contains(
                        "seqthink_requests_total",
                        "seqthink_errors_total",
                        "seqthink_decrypt_failures_total",
                        "seqthink_encrypt_failures_total",
                        "seqthink_policy_denials_total",
                        "seqthink_request_duration_seconds_bucket",
                        "seqthink_request_duration_seconds_count",
                        "seqthink_request_duration_seconds_sum",
                        "seqthink_phase_duration_seconds_bucket");
        assertThat(List.of(3.0, 2.0, 1.0, 0.0, 1.0, 3.0))
                .isEqualTo(
                        List.of(
                                after.since(before, "seqthink_requests_total"),
                                after.since(before, "seqthink_errors_total"),
                                after.since(before, "seqthink_decrypt_failures_total"),
                                after.since(before, "seqthink_encrypt_failures_total"),
                                after.since(before, "seqthink_policy_denials_total"),
                                after.since(before, "seqthink_request_duration_seconds_count")));
    }

    @Test
    void metersShowTheVersionAndResourceUse() {
        String text = when().get("/metrics").then().extract().asString();
        Map<String, Double> values = Scrape.now().values();

        assertThat(text)
                .containsPattern("seqthink_build_info\\{version=\"[0-9][^\"]+\"[^}]*} 1\\.0");
        assertThat(values.get("process_cpu_seconds_total")).isPositive();
        assertThat(values.get("process_resident_memory_bytes"))
                .isBetween(16.0 * 1024 * 1024, values.get("seqthink_memory_limit_bytes"));
        assertThat(values.get("seqthink_heap_used_bytes"))
                .isBetween(1024.0 * 1024, values.get("seqthink_heap_limit_bytes"));
    }

    @Test
    void countsNothingForProbesAndMetrics() {
        Scrape before = Scrape.now();
        when().get("/health");
        when().get("/metrics");
        assertThat(Scrape.now().since(before, "seqthink_requests_total")).isZero();
    }
}

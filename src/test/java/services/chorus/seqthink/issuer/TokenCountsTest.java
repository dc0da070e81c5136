package services.chorus.seqthink.issuer;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.telemetry.Denial;
import services.chorus.seqthink.testing.Canaries;
import services.chorus.seqthink.testing.Scrape;

@QuarkusTest
@QuarkusTestResource(value = IssuerFiles.class, restrictToAnnotatedClass = true)
class TokenCountsTest {

    private static final String GRANT = "grant_type=client_credentials";
    private static final String ISSUED = "seqthink_issuer_tokens_issued_total";
    private static final String DENIED = "seqthink_issuer_tokens_denied_total";

    @Test
    void countTheTokensIssued() {
        Scrape before = Scrape.now();

        request(GRANT);
        request(GRANT);

        assertThat(Scrape.now().since(before, ISSUED)).isEqualTo(2);
        assertThat(Scrape.now().since(before, DENIED)).isZero();
    }

    @Test
    void countDeniedRequestsByError() {
        for (Denied denied :
                List.of(
                        new Denied("invalid_scope", () -> request(GRANT + "&scope=other")),
                        new Denied("invalid_target", () -> request(GRANT + "&resource=x")),
                        new Denied("unsupported_grant_type", () -> request("grant_type=password")),
                        new Denied("invalid_request", () -> request("scope=x")),
                        new Denied("invalid_client", TokenCountsTest::requestAsAnUnknownClient),
                        new Denied("invalid_dpop_proof", TokenCountsTest::requestWithoutAProof))) {
            double before = denied(denied.error);
            Scrape all = Scrape.now();

            denied.request.run();

            assertThat(denied(denied.error) - before).as(denied.error).isEqualTo(1);
            assertThat(Scrape.now().since(all, DENIED)).as(denied.error).isEqualTo(1);
            assertThat(Scrape.now().since(all, ISSUED)).as(denied.error).isZero();
        }
    }

    @Test
    void ignoreTheOtherEndpoints() {
        Scrape before = Scrape.now();

        AsClient.post(IssuerRoutes.INTROSPECTION, "agent", "").then().statusCode(400);
        AsClient.post(IssuerRoutes.REVOCATION, "agent", "token=x").then().statusCode(200);

        assertThat(Scrape.now().since(before, ISSUED)).isZero();
        assertThat(Scrape.now().since(before, DENIED)).isZero();
    }

    @Test
    void existFromTheStart() {
        assertThat(Arrays.stream(Denial.values()).map(Denial::code).map(TokenCountsTest::denied))
                .allMatch(count -> count >= 0);
    }

    private record Denied(String error, Runnable request) {}

    private static double denied(String error) {
        String series = DENIED + "{error=\"" + error + "\"} ";
        return given().get("/metrics")
                .asString()
                .lines()
                .filter(line -> line.startsWith(series))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length())))
                .findFirst()
                .orElse(-1);
    }

    private static void request(String form) {
        String token =
                AsClient.post(IssuerRoutes.TOKEN, "agent", form).jsonPath().get("access_token");
        if (token != null) {
            Canaries.note(token);
        }
    }

    private static void requestAsAnUnknownClient() {
        AsClient.post(IssuerRoutes.TOKEN, "nobody", GRANT).then().statusCode(401);
    }

    private static void requestWithoutAProof() {
        AsClient.post(IssuerRoutes.TOKEN, "bound", GRANT).then().statusCode(400);
    }
}

package services.chorus.seqthink.http;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.policy.Reason;
import services.chorus.seqthink.testing.Canaries;
import services.chorus.seqthink.testing.Client;
import services.chorus.seqthink.testing.Door;
import services.chorus.seqthink.testing.HandMadeJws;
import services.chorus.seqthink.testing.TestIssuer;
import services.chorus.seqthink.testing.TestProof;

/** A gateway with {@code REQUIRE_DPOP=true} and a small quota. */
@QuarkusTest
@WithTestResource(
        value = Door.class,
        initArgs = {
            @ResourceArg(name = "seqthink.dpop.required", value = "true"),
            @ResourceArg(name = "seqthink.sealing.replay-quota", value = "10")
        })
class RequireDpopTest {

    private static final String CHALLENGE =
            "DPoP realm=\"seqthink\", %sscope=\"" + TestIssuer.SCOPE + "\", algs=\"RS256 ";

    Door door;
    private final HandMadeJws key = HandMadeJws.generate();

    @Test
    void announcesThatTokensMustBeBound() {
        Response response = post(given(), new byte[] {1});

        response.then().statusCode(401);
        assertThat(response.header("WWW-Authenticate"))
                .startsWith(CHALLENGE.formatted(""))
                .doesNotContain("Bearer");
        given().get("/.well-known/oauth-protected-resource")
                .then()
                .body("dpop_bound_access_tokens_required", equalTo(true));
    }

    @Test
    void rejectsAnUnboundToken() {
        Client caller = Client.stranger(door);
        byte[] sealed = caller.sealed(caller.request(Canaries.thought()));

        for (String scheme : new String[] {"Bearer", "DPoP"}) {
            Response response =
                    post(
                            given().header("Authorization", scheme + " " + caller.token())
                                    .header("DPoP", proof(caller, sealed)),
                            sealed);
            response.then().statusCode(401);
            assertThat(response.header("WWW-Authenticate"))
                    .startsWith(
                            CHALLENGE.formatted(
                                    "error=\"invalid_token\", error_description=\""
                                            + Reason.NOT_BOUND.description()
                                            + "\", "));
        }
    }

    @Test
    void acceptsBoundTokensUntilTheQuotaIsFull() {
        Client caller = boundCaller();
        for (int i = 1; i <= 10; i++) {
            byte[] sealed = caller.sealed(caller.request(Canaries.thought()));
            Response response = call(caller, sealed);
            response.then().statusCode(200);
            assertThat(caller.open(response).at("/result/thoughtHistoryLength").intValue())
                    .isEqualTo(i);
        }

        call(caller, caller.sealed(caller.request(Canaries.thought())))
                .then()
                .statusCode(503)
                .header("Retry-After", "5")
                .body("code", equalTo("replay-guard-full"));

        Client other = boundCaller();
        call(other, other.sealed(other.request(Canaries.thought()))).then().statusCode(200);
    }

    private Client boundCaller() {
        return new Client(
                door,
                door.issuer()
                        .token(
                                "bound-" + UUID.randomUUID(),
                                c -> c.setClaim("cnf", Map.of("jkt", key.fingerprint()))));
    }

    private Response call(Client caller, byte[] sealed) {
        return post(
                given().header("Authorization", "DPoP " + caller.token())
                        .header("DPoP", proof(caller, sealed)),
                sealed);
    }

    private String proof(Client caller, byte[] sealed) {
        return TestProof.by(key)
                .of("POST", Door.TOOL_ROUTE, caller.token())
                .covering(sealed)
                .sign();
    }

    private static Response post(RequestSpecification request, byte[] body) {
        return request.contentType("application/age").body(body).post("/mcp/tool");
    }
}

package services.chorus.seqthink.http;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.testing.Canaries;
import services.chorus.seqthink.testing.Client;
import services.chorus.seqthink.testing.Door;

/** {@code INSECURE_DEV} with policy and without keys. */
@QuarkusTest
@WithTestResource(
        value = Door.class,
        initArgs = @ResourceArg(name = Door.WITHOUT, value = "sealing"))
class AuthorizedOnlyTest {

    Door door;

    @Test
    void requiresATokenAndAcceptsPlainJson() {
        Client caller = Client.stranger(door);
        ObjectNode request = caller.request(Canaries.thought());
        request.retain("tool", "payload");

        post(given(), request).statusCode(401);
        post(given().header("Authorization", "Bearer " + caller.token()), request)
                .statusCode(200)
                .contentType("application/json")
                .body("result.thoughtHistoryLength", equalTo(1));
    }

    private static ValidatableResponse post(RequestSpecification as, ObjectNode request) {
        return as.contentType("application/json").body(request.toString()).post("/mcp/tool").then();
    }
}

package services.chorus.seqthink.http;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.testing.Canaries;
import services.chorus.seqthink.testing.Client;
import services.chorus.seqthink.testing.Door;

/** {@code INSECURE_DEV} with keys and without policy. */
@QuarkusTest
@WithTestResource(
        value = Door.class,
        initArgs = @ResourceArg(name = Door.WITHOUT, value = "policy"))
class SealedOnlyTest {

    Door door;

    @Test
    void requiresSealingButNoToken() {
        Client caller = new Client(door, "no token");
        ObjectNode request = caller.request(Canaries.thought());
        request.remove("ath");

        Response response = post(caller.sealed(request));

        response.then().statusCode(200).contentType("application/age");
        assertThat(caller.open(response).at("/result/thoughtHistoryLength").intValue())
                .isEqualTo(1);
        given().contentType("application/json")
                .body(request.toString())
                .post("/mcp/tool")
                .then()
                .statusCode(415);
    }

    @Test
    void checksTheRouteOfTheEnvelope() {
        Client caller = new Client(door, "no token");
        ObjectNode request = caller.request(Canaries.thought()).put("to", "https://other.example");

        post(caller.sealed(request)).then().statusCode(400);
    }

    private static Response post(byte[] body) {
        return given().contentType("application/age").body(body).post("/mcp/tool");
    }
}

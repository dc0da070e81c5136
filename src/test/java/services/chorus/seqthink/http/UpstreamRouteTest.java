package services.chorus.seqthink.http;

import static io.restassured.RestAssured.when;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.testing.Canaries;
import services.chorus.seqthink.testing.Client;
import services.chorus.seqthink.testing.Door;
import services.chorus.seqthink.testing.PlainPeer;
import services.chorus.seqthink.testing.Scrape;

/** A gateway in front of an external MCP server that uses the plain contract. */
@QuarkusTest
@WithTestResource(Door.class)
@WithTestResource(PlainPeer.class)
class UpstreamRouteTest {

    Door door;
    PlainPeer peer;
    Client caller;

    @BeforeEach
    void createACaller() {
        caller = Client.stranger(door);
    }

    @Test
    void forwardsOnlyToolAndPayload() {
        String thought = Canaries.thought();

        Response response = call("any", thought);

        response.then().statusCode(200);
        assertThat(caller.open(response).at("/result/said").textValue()).isEqualTo("yes");
        assertThat(peer.requests().getLast())
                .isEqualTo("{\"tool\":\"any\",\"payload\":%s}".formatted(Client.thought(thought)));
    }

    @Test
    void forwardsToolErrors() {
        JsonNode reply = caller.open(call("fails", Canaries.thought()));

        assertThat(reply.at("/status").intValue()).isEqualTo(200);
        assertThat(reply.at("/error/message").textValue()).isEqualTo("the tool's own words");
    }

    @Test
    void reports502InsideTheSealForAnInvalidReply() {
        Response response = call("broken", Canaries.thought());

        response.then().statusCode(502).contentType("application/age");
        JsonNode reply = caller.open(response);
        assertThat(reply.at("/error/code").textValue()).isEqualTo("upstream-broken");
        assertThat(reply.toString()).doesNotContain("secret of the upstream");
    }

    @Test
    void reports504InsideTheSealForATimeout() {
        Response response = call("hang", Canaries.thought());

        response.then().statusCode(504).contentType("application/age");
        JsonNode reply = caller.open(response);
        assertThat(reply.at("/status").intValue()).isEqualTo(504);
        assertThat(reply.at("/error/code").textValue()).isEqualTo("upstream-timeout");
    }

    @Test
    void isNotReadyWhileTheServerIsUnreachable() {
        when().get("/ready").then().statusCode(200);
        when().get("/q/health/started").then().statusCode(200);
        peer.down();
        try {
            Response response = call("any", Canaries.thought());
            response.then().statusCode(502).contentType("application/age");
            assertThat(caller.open(response).at("/error/code").textValue())
                    .isEqualTo("upstream-unreachable");
            // the outcome of a check is reused for a second
            await().atMost(10, SECONDS)
                    .untilAsserted(
                            () ->
                                    when().get("/ready")
                                            .then()
                                            .statusCode(503)
                                            .body(equalTo("MCP server not ready")));
            when().get("/q/health/ready").then().statusCode(503);
            when().get("/health").then().statusCode(200);
            when().get("/q/health/started").then().statusCode(200);
            awaitReady(0);
        } finally {
            peer.up();
        }
        await().atMost(10, SECONDS)
                .untilAsserted(() -> when().get("/ready").then().statusCode(200));
        call("any", Canaries.thought()).then().statusCode(200);
        awaitReady(1);
    }

    /** The meter is updated every ten seconds. */
    private static void awaitReady(double value) {
        await().atMost(30, SECONDS)
                .until(() -> Scrape.now().values().get("seqthink_ready").equals(value));
    }

    @Test
    void countsFailuresAndTimeoutsOfTheServer() {
        Scrape before = Scrape.now();

        call("any", Canaries.thought());
        call("fails", Canaries.thought());
        call("broken", Canaries.thought());
        call("hang", Canaries.thought());

        Scrape after = Scrape.now();
        assertThat(after.since(before, "seqthink_upstream_failures_total")).isEqualTo(2);
        assertThat(after.since(before, "seqthink_upstream_timeouts_total")).isEqualTo(1);
        assertThat(after.since(before, "seqthink_server_errors_total")).isEqualTo(2);
    }

    private Response call(String tool, String thought) {
        ObjectNode request = caller.request(thought).put("tool", tool);
        return caller.post(caller.sealed(request));
    }
}

package services.chorus.seqthink.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.net.URI;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.testing.Canaries;
import services.chorus.seqthink.testing.Client;
import services.chorus.seqthink.testing.Door;
import services.chorus.seqthink.testing.FollowedStream;
import services.chorus.seqthink.testing.Scrape;

/** {@code REQUIRE_BOUND=false}: requests without an envelope beside those with one. */
@QuarkusTest
@WithTestResource(
        value = Door.class,
        initArgs = @ResourceArg(name = "seqthink.sealing.require-bound", value = "false"))
class BareRequestTest {

    @TestHTTPResource URI service;

    Door door;

    @Test
    void answersABareRequestToTheRecipientsFile() {
        Client caller = Client.stranger(door);
        Scrape before = Scrape.now();

        Response response = caller.post(caller.sealed(bare(caller)));

        response.then().statusCode(200).contentType("application/age");
        JsonNode reply = Client.open(response.asByteArray(), door.bareReader());
        assertThat(reply.at("/result/thoughtHistoryLength").intValue()).isEqualTo(1);
        assertThat(reply.fieldNames()).toIterable().containsExactly("result");
        assertThat(Scrape.now().since(before, "seqthink_bare_requests_total")).isEqualTo(1);
    }

    @Test
    void separatesBareAndBoundHistoriesOfOneCaller() {
        Client caller = Client.stranger(door);
        assertThat(caller.historyAfter(Canaries.thought())).isEqualTo(1);

        Response response = caller.post(caller.sealed(bare(caller)));

        assertThat(
                        Client.open(response.asByteArray(), door.bareReader())
                                .at("/result/thoughtHistoryLength")
                                .intValue())
                .isEqualTo(1);
    }

    @Test
    void opensNoStreamWithoutAnEnvelope() throws Exception {
        Client caller = Client.stranger(door);
        ObjectNode bare = caller.request("").removeAll();

        try (FollowedStream stream = FollowedStream.get(caller, service, bare)) {
            assertThat(stream.status()).isEqualTo(400);
            assertThat(stream.body()).asString().contains("\"code\":\"envelope-required\"");
        }
    }

    @Test
    void rejectsAnEnvelopeForAnotherToken() {
        Client caller = Client.stranger(door);
        byte[] sealed = caller.sealed(caller.request(Canaries.thought()));

        Client.stranger(door).post(sealed).then().statusCode(400);
    }

    private static ObjectNode bare(Client caller) {
        ObjectNode request = caller.request(Canaries.thought());
        request.retain("tool", "payload");
        return request;
    }
}

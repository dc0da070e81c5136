package services.chorus.seqthink.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.sealing.HistoryQuota;
import services.chorus.seqthink.testing.Canaries;
import services.chorus.seqthink.testing.Client;
import services.chorus.seqthink.testing.Door;
import services.chorus.seqthink.testing.Scrape;

/** A caller who starts more and more histories. */
@QuarkusTest
@WithTestResource(Door.class)
class HistoryQuotaRouteTest {

    Door door;

    @Test
    void rejectsANewHistoryOverTheQuotaAndKeepsTheOthers() {
        Client greedy = Client.stranger(door);
        for (int session = 0; session < HistoryQuota.MOST; session++) {
            assertThat(historyAfter(greedy, "session " + session)).isEqualTo(1);
        }
        Scrape before = Scrape.now();

        assertRefused(greedy, "one more");
        assertRefused(new Client(door, greedy.token()), "session 0");

        assertThat(Scrape.now().since(before, "seqthink_history_quota_full_total")).isEqualTo(2);
        for (int session = 0; session < HistoryQuota.MOST; session++) {
            assertThat(historyAfter(greedy, "session " + session)).isEqualTo(2);
        }
        assertThat(historyAfter(Client.stranger(door), "one more")).isEqualTo(1);
    }

    private static int historyAfter(Client caller, String session) {
        return caller.historyAfter(Canaries.thought(), r -> r.put("session", session));
    }

    private static void assertRefused(Client caller, String session) {
        ObjectNode request = caller.request(Canaries.thought()).put("session", session);

        Response response = caller.post(caller.sealed(request));

        response.then().statusCode(403).contentType("application/age");
        JsonNode reply = caller.open(response);
        assertThat(reply.get("request_id")).isEqualTo(request.get("request_id"));
        assertThat(reply.get("status").intValue()).isEqualTo(403);
        assertThat(reply.at("/error/code").textValue()).isEqualTo("too-many-histories");
        assertThat(reply.at("/error/message").textValue()).contains("one of them", "wait");
        assertThat(reply.has("result")).isFalse();
    }
}

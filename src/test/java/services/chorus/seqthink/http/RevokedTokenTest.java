package services.chorus.seqthink.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.net.URI;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.testing.Canaries;
import services.chorus.seqthink.testing.Client;
import services.chorus.seqthink.testing.Door;
import services.chorus.seqthink.testing.FollowedStream;
import services.chorus.seqthink.testing.Scrape;

@QuarkusTest
@WithTestResource(Door.class)
class RevokedTokenTest {

    /** One interval of 30 s, and more for a busy machine. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TestHTTPResource URI service;

    Door door;

    @Test
    void isRejectedWithinOneIntervalAndEndsItsStream() throws Exception {
        String tokenId = UUID.randomUUID().toString();
        Client caller = client(tokenId);
        Client other = client(UUID.randomUUID().toString());
        assertThat(caller.historyAfter(Canaries.thought())).isEqualTo(1);
        try (FollowedStream stream = FollowedStream.of(caller, service);
                FollowedStream others = FollowedStream.of(other, service)) {
            assertThat(stream.opened().get("event").textValue()).isEqualTo("open");
            assertThat(stream.opened().get("event").textValue()).isEqualTo("thought");
            assertThat(others.opened().get("event").textValue()).isEqualTo("open");

            door.issuer().revoke(tokenId);

            await().pollInterval(Duration.ofSeconds(1))
                    .atMost(PATIENCE)
                    .until(() -> call(caller).statusCode() == 401);
            assertThat(call(caller).header("WWW-Authenticate"))
                    .contains("error=\"invalid_token\"", "The access token was revoked");
            JsonNode end = stream.opened();
            assertThat(end.get("event").textValue()).isEqualTo("end");
            assertThat(end.get("reason").textValue()).isEqualTo("token-revoked");
            assertThat(end.get("final").booleanValue()).isTrue();
            assertThat(end.get("sequence").longValue()).isEqualTo(1);
            assertThat(stream.isOver()).isTrue();

            assertThat(other.historyAfter(Canaries.thought())).isEqualTo(1);
            assertThat(others.opened().get("event").textValue()).isEqualTo("thought");
        }
    }

    @Test
    void showsTheAgeOfTheListOfRevokedTokens() {
        await().atMost(PATIENCE)
                .until(
                        () ->
                                Scrape.now().values().get("seqthink_deny_list_age_seconds")
                                        < PATIENCE.toSeconds());
        assertThat(Scrape.now().names()).contains("seqthink_deny_list_failures_total");
    }

    private Response call(Client caller) {
        return caller.post(new byte[] {1}); // a valid token gets 400 for it
    }

    private Client client(String tokenId) {
        return new Client(
                door,
                door.issuer()
                        .token("caller-" + tokenId, claims -> claims.setClaim("jti", tokenId)));
    }
}

package services.chorus.seqthink.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import jakarta.enterprise.inject.spi.CDI;
import java.net.URI;
import java.net.URLEncoder;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.testing.Canaries;
import services.chorus.seqthink.testing.Client;
import services.chorus.seqthink.testing.Door;
import services.chorus.seqthink.testing.FaultyServer;
import services.chorus.seqthink.testing.FaultyServer.Answer;
import services.chorus.seqthink.testing.FollowedStream;
import services.chorus.seqthink.testing.OpaqueIssuer;
import services.chorus.seqthink.testing.Scrape;
import services.chorus.seqthink.testing.ShiftedClock;
import services.chorus.seqthink.testing.TestIssuer;

/** A gateway that accepts signed tokens of one issuer and opaque tokens of another. */
@QuarkusTest
@WithTestResource(Door.class)
@WithTestResource(OpaqueIssuer.class)
@TestProfile(ShiftedClock.Profile.class)
class OpaqueTokenRouteTest {

    /** How long an answer of the issuer is cached. */
    private static final Duration REMEMBERED = Duration.ofSeconds(30);

    /** An answer is cached for 30 s, and streams are checked every two seconds. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TestHTTPResource URI service;

    Door door;
    FaultyServer issuer;

    @Test
    void acceptsAnActiveTokenAndIntrospectsItOnce() {
        issuer.answers(200, active("sequentialthinking.run"));
        Client caller = caller();
        assertThat(caller.historyAfter(Canaries.thought())).isEqualTo(1);
        assertThat(caller.historyAfter(Canaries.thought())).isEqualTo(2);
        assertThat(introspectionsOf(caller.token())).isEqualTo(1);
    }

    @Test
    void requiresTheScopeOfTheRoute() {
        issuer.answers(200, active("another.scope"));
        assertThat(call(caller()).statusCode()).isEqualTo(403);
    }

    @Test
    void rejectsAnInactiveToken() {
        issuer.answers(200, "{\"active\": false}");
        Response answer = call(caller());
        answer.then().statusCode(401).body("code", equalTo("unauthorized"));
        assertThat(answer.header("WWW-Authenticate"))
                .contains("error=\"invalid_token\"", "The access token is not active");
    }

    @Test
    void answers503WhileTheIssuerIsUnavailable() {
        Scrape before = Scrape.now();
        issuer.answers(500, "");
        Response answer = call(caller());
        answer.then().statusCode(503).body("code", equalTo("keys-unavailable"));
        assertThat(answer.header("Retry-After")).isNotBlank();
        assertThat(Scrape.now().since(before, "seqthink_introspection_failures_total"))
                .isEqualTo(1);
    }

    @Test
    void introspectsNoSignedTokenOfAKnownIssuer() {
        issuer.answers(200, active("sequentialthinking.run"));
        String forged =
                TestIssuer.sign(TestIssuer.claims("caller", claims -> {}), TestIssuer.newKey());
        String expired = door.issuer().token("caller", claims -> claims.setClaim("exp", 1));
        for (String token : new String[] {forged, expired}) {
            assertThat(call(new Client(door, token)).statusCode()).isEqualTo(401);
            assertThat(introspectionsOf(token)).isZero();
        }
        assertThat(Client.stranger(door).historyAfter(Canaries.thought())).isEqualTo(1);
    }

    @Test
    void introspectsAJwtOfAnotherIssuer() {
        issuer.answers(200, active("sequentialthinking.run"));
        String token = door.issuer().token("caller", claims -> claims.setIssuer(OpaqueIssuer.NAME));
        assertThat(new Client(door, token).historyAfter(Canaries.thought())).isPositive();
        assertThat(introspectionsOf(token)).isEqualTo(1);
    }

    @Test
    void endsTheStreamOfATokenThatBecameInactive() throws Exception {
        Client caller = caller();
        Answer good = new Answer(200, active("sequentialthinking.run"));
        issuer.answers(request -> good);
        try (FollowedStream stream = FollowedStream.of(caller, service)) {
            assertThat(stream.opened().get("event").textValue()).isEqualTo("open");
            issuer.answers(
                    request ->
                            request.body().contains(caller.token())
                                    ? new Answer(200, "{\"active\": false}")
                                    : good);
            setClockAhead(REMEMBERED);
            await().atMost(PATIENCE).until(() -> introspectionsOf(caller.token()) == 2);
            JsonNode end = stream.opened();
            assertThat(end.get("reason").textValue()).isEqualTo("token-revoked");
            assertThat(stream.isOver()).isTrue();
            assertThat(call(caller).statusCode()).isEqualTo(401);
        } finally {
            setClockAhead(Duration.ZERO);
        }
    }

    /** Overridden where the service runs in another process, whose clock cannot be moved. */
    void setClockAhead(Duration ahead) {
        CDI.current().select(ShiftedClock.class).get().setAhead(ahead);
    }

    private long introspectionsOf(String token) {
        String asked = "token=" + URLEncoder.encode(token, UTF_8) + "&";
        return issuer.requests().stream()
                .filter(request -> request.body().startsWith(asked))
                .count();
    }

    private Client caller() {
        return new Client(door, Canaries.note("opaque-" + UUID.randomUUID()));
    }

    private static Response call(Client caller) {
        return caller.post(caller.sealed(caller.request(Canaries.thought())));
    }

    private static String active(String scope) {
        return "{\"active\":true,\"sub\":\"agent\",\"scope\":\"%s\",\"exp\":%d,\"aud\":\"%s\"}"
                .formatted(scope, Instant.now().getEpochSecond() + 600, TestIssuer.AUDIENCE);
    }
}

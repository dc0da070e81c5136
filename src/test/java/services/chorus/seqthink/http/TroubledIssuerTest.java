package services.chorus.seqthink.http;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jose4j.jwk.RsaJsonWebKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.testing.Canaries;
import services.chorus.seqthink.testing.Client;
import services.chorus.seqthink.testing.Door;
import services.chorus.seqthink.testing.Scrape;
import services.chorus.seqthink.testing.SecondIssuer;
import services.chorus.seqthink.testing.TestIssuer;

/** A gateway that trusts two issuers, one of which fails. */
@QuarkusTest
@WithTestResource(Door.class)
@WithTestResource(SecondIssuer.class)
class TroubledIssuerTest {

    private static final Executor VIRTUAL = Thread::startVirtualThread;

    Door door;
    SecondIssuer second;

    @AfterEach
    void recover() {
        door.issuer().recover();
    }

    private static Response call(String token) {
        return given().header("Authorization", "Bearer " + token)
                .contentType("application/age")
                .body(new byte[] {1})
                .post("/mcp/tool");
    }

    private static void assertKeysUnavailable(Response response) {
        response.then()
                .statusCode(503)
                .header("Retry-After", notNullValue())
                .header("WWW-Authenticate", equalTo(null))
                .body("code", equalTo("keys-unavailable"));
    }

    private static void assertUnauthorized(String token) {
        call(token).then().statusCode(401).body("code", equalTo("unauthorized"));
    }

    /** The first token that is signed with a new key. */
    private static String tokenOfANewKey() {
        return TestIssuer.sign(TestIssuer.claims("new", claims -> {}), TestIssuer.newKey());
    }

    @Test
    void answersTokensOfKnownKeysWhileTheIssuerHangs() throws Exception {
        Client good = Client.stranger(door);
        assertThat(good.historyAfter(Canaries.thought())).isEqualTo(1);
        Scrape before = Scrape.now();
        door.issuer().hang();
        int fetches = door.issuer().fetches();
        String token = tokenOfANewKey();
        Future<Response> waiting = CompletableFuture.supplyAsync(() -> call(token), VIRTUAL);
        await().until(() -> door.issuer().fetches() > fetches);

        assertThat(good.historyAfter(Canaries.thought())).isEqualTo(2);
        assertThat(Client.stranger(door).historyAfter(Canaries.thought())).isEqualTo(1);

        assertThat(waiting).isNotDone();
        assertKeysUnavailable(waiting.get(30, TimeUnit.SECONDS));
        await().untilAsserted(
                        () ->
                                assertThat(
                                                Scrape.now()
                                                        .since(
                                                                before,
                                                                "seqthink_jwks_failures_total"))
                                        .isPositive());
    }

    @Test
    void answers503NotA401WhileTheIssuerSendsInvalidKeys() {
        Client good = Client.stranger(door);
        assertThat(good.historyAfter(Canaries.thought())).isEqualTo(1);
        door.issuer().answerInstead(200, "<html><body>Sign in</body></html>");
        RsaJsonWebKey key = door.issuer().rotate();
        String token = TestIssuer.sign(TestIssuer.claims("rotated", claims -> {}), key);

        assertKeysUnavailable(call(token));
        assertThat(good.historyAfter(Canaries.thought())).isEqualTo(2);

        door.issuer().recover();
        assertThat(new Client(door, token).historyAfter(Canaries.thought())).isEqualTo(1);
    }

    @Test
    void acceptsATokenOnlyWithAKeyOfItsOwnIssuer() {
        RsaJsonWebKey ofFirst = door.issuer().current();
        RsaJsonWebKey ofSecond = second.publishAs(ofFirst.getKeyId());

        for (int i = 1; i <= 3; i++) {
            String good = second.token("caller", ofSecond);
            assertThat(new Client(door, good).historyAfter(Canaries.thought())).isEqualTo(1);
            assertThat(Client.stranger(door).historyAfter(Canaries.thought())).isEqualTo(1);

            assertUnauthorized(second.token("caller", ofFirst));
            assertUnauthorized(
                    TestIssuer.sign(TestIssuer.claims("caller", claims -> {}), ofSecond));
            assertUnauthorized(
                    TestIssuer.sign(
                            TestIssuer.claims("caller", c -> c.setIssuer(SecondIssuer.NAME)),
                            ofSecond));
        }
        when().get("/.well-known/oauth-protected-resource")
                .then()
                .body("authorization_servers", contains(TestIssuer.ISSUER, SecondIssuer.NAME));
    }

    @Test
    void verifiesTheSignatureOfATokenOnce() {
        Client caller = Client.stranger(door);
        Scrape before = Scrape.now();

        for (int i = 1; i <= 5; i++) {
            assertThat(caller.historyAfter(Canaries.thought())).isEqualTo(i);
        }

        Scrape after = Scrape.now();
        assertThat(after.since(before, "seqthink_signature_checks_total")).isEqualTo(1);
        assertThat(after.values().get("seqthink_jwks_age_seconds")).isNotNegative();
        assertThat(after.values().get("seqthink_jwks_fetches_total")).isGreaterThanOrEqualTo(2);
    }
}

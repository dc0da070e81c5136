package services.chorus.seqthink.issuer;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.testing.TestAssertion;

/** Rate limits of clients, and of failed authentications from an address. */
@QuarkusTest
@QuarkusTestResource(
        value = IssuerFiles.class,
        restrictToAnnotatedClass = true,
        initArgs = {
            @ResourceArg(name = "seqthink.issuer.rate-limit-per-minute", value = "2"),
            @ResourceArg(name = "seqthink.limits.failures-per-minute", value = "2"),
            @ResourceArg(name = "seqthink.limits.trusted-proxies", value = "127.0.0.1")
        })
class ClientRatesTest {

    private static final String GRANT = "grant_type=client_credentials";
    private static final String WRONG = "a wrong secret that is long enough to be one";
    private static final AtomicInteger ADDRESSES = new AtomicInteger();

    private final String here = newAddress();
    private final String elsewhere = newAddress();

    /**
     * Waits, because assertions issued in the same second as the start of the service are rejected.
     */
    @BeforeEach
    void startsReady() {
        await().until(() -> given().get("/ready").statusCode() == 200);
    }

    @Test
    void limitsTheRequestsOfAClientInAMinute() {
        for (int i = 0; i < 2; i++) {
            ask(here, "agent", IssuerFiles.SECRET).then().statusCode(200);
        }

        held(ask(here, "agent", IssuerFiles.SECRET));
        ask(here, "other", IssuerFiles.SECRET).then().statusCode(200);
        ask(elsewhere, "agent", IssuerFiles.SECRET).then().statusCode(200);
    }

    @Test
    void countsTheRequestsToAllEndpointsTogether() {
        for (String path : new String[] {IssuerRoutes.INTROSPECTION, IssuerRoutes.REVOCATION}) {
            ask(path, here, "agent", IssuerFiles.SECRET).then().statusCode(200);
        }

        held(ask(IssuerRoutes.TOKEN, here, "agent", IssuerFiles.SECRET));
        held(ask(IssuerRoutes.INTROSPECTION, here, "agent", IssuerFiles.SECRET));
        held(ask(IssuerRoutes.REVOCATION, here, "agent", IssuerFiles.SECRET));
    }

    @Test
    void countsARequestBeforeItIsAuthenticated() {
        refused(ask(here, "agent", WRONG));
        ask(here, "agent", IssuerFiles.SECRET).then().statusCode(200);

        held(ask(here, "agent", IssuerFiles.SECRET));
    }

    @Test
    void countsFailuresByAddressForAnyClaimedClient() {
        refused(ask(here, "agent", WRONG));
        refused(ask(here, "nobody", WRONG));

        held(ask(here, "somebody", WRONG));
        refused(ask(elsewhere, "agent", WRONG));
    }

    @Test
    void countsRequestsWithoutCredentials() {
        refused(without(here));
        refused(without(here));

        held(without(here));
        held(ask(here, "agent", IssuerFiles.SECRET));
    }

    @Test
    void stopsHashingForAnAddressThatFailsTooOften() {
        for (int i = 0; i < 2; i++) {
            refused(ask(here, "nobody" + i, WRONG));
        }

        held(ask(here, "agent", IssuerFiles.SECRET));
    }

    @Test
    void letsNobodyElsewhereLockAClientOut() {
        for (int i = 0; i < 3; i++) {
            ask(elsewhere, "agent", WRONG);
        }
        held(ask(elsewhere, "agent", WRONG));

        ask(here, "agent", IssuerFiles.SECRET).then().statusCode(200);
    }

    @Test
    void acceptsAClientWithAKeyFromAnAddressThatFails() {
        for (int i = 0; i < 2; i++) {
            ask(here, "nobody" + i, WRONG);
        }
        held(ask(here, "agent", IssuerFiles.SECRET));

        askByKey(here, "keyed").then().statusCode(200);
    }

    @Test
    void countsAssertionsForTheClaimedClient() {
        for (int i = 0; i < 2; i++) {
            askByKey(here, "keyed").then().statusCode(200);
        }

        held(askByKey(here, "keyed"));
        askByKey(elsewhere, "keyed").then().statusCode(200);
    }

    private static Response ask(String address, String clientId, String secret) {
        return ask(IssuerRoutes.TOKEN, address, clientId, secret);
    }

    private static Response ask(String path, String address, String clientId, String secret) {
        return AsClient.request()
                .header("X-Forwarded-For", address)
                .header("Authorization", AsClient.basic(clientId, secret))
                .body(GRANT + "&token=none")
                .post(path);
    }

    private static Response without(String address) {
        return AsClient.request()
                .header("X-Forwarded-For", address)
                .body(GRANT)
                .post(IssuerRoutes.TOKEN);
    }

    private static Response askByKey(String address, String clientId) {
        String assertion =
                TestAssertion.by(IssuerFiles.KEY)
                        .of(clientId, IssuerFiles.URL, Instant.now())
                        .form();
        return AsClient.request()
                .header("X-Forwarded-For", address)
                .body(GRANT + "&" + assertion)
                .post(IssuerRoutes.TOKEN);
    }

    private static void refused(Response response) {
        response.then().statusCode(401).body("error", equalTo("invalid_client"));
    }

    private static void held(Response response) {
        response.then()
                .statusCode(429)
                .contentType("application/json")
                .header("Cache-Control", "no-store")
                .body("error", equalTo("temporarily_unavailable"))
                .body("access_token", nullValue());
        assertThat(Integer.parseInt(response.header("Retry-After"))).isBetween(1, 60);
    }

    private static String newAddress() {
        return "198.51.100." + ADDRESSES.incrementAndGet();
    }
}

package services.chorus.seqthink.issuer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.notNullValue;
import static services.chorus.seqthink.issuer.AsClient.basic;
import static services.chorus.seqthink.issuer.AsClient.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.io.IOException;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.testing.AcceptingGateway;
import services.chorus.seqthink.testing.AgeKey;
import services.chorus.seqthink.testing.HandMadeJws;
import services.chorus.seqthink.testing.TestAssertion;

/** Clients that authenticate with a key (RFC 7523 section 2.2). */
@QuarkusTest
@QuarkusTestResource(value = IssuerFiles.class, restrictToAnnotatedClass = true)
class PrivateKeyJwtTest {

    private static final String TOKEN = "/oauth/token";
    private static final String REVOKE = "/oauth/revoke";
    private static final String GRANT = "grant_type=client_credentials&";

    @BeforeEach
    void waitUntilNewAssertionsAreAccepted() {
        AcceptingGateway.awaitDefault();
    }

    @Test
    void grantsATokenToAClientThatSignsAnAssertion() throws IOException {
        Response response = ask(of("keyed"));

        response.then().statusCode(200).header("Cache-Control", "no-store");
        assertThat(claims(response).path("client_id").asText()).isEqualTo("keyed");
        assertThat(claims(response).has("age_recipient")).isFalse();
    }

    @Test
    void acceptsTheEndpointAsAudience() {
        ask(of("keyed").claim("aud", IssuerFiles.URL + TOKEN)).then().statusCode(200);
        refused(ask(of("keyed").claim("aud", IssuerFiles.URL + REVOKE)), 401, "invalid_client");
    }

    @Test
    void acceptsAnAssertionOnce() {
        String form = GRANT + of("keyed").form();

        post(TOKEN, form).then().statusCode(200);
        refused(post(TOKEN, form), 401, "invalid_client");
    }

    @Test
    void acceptsAnAssertionOnceAcrossAllEndpoints() {
        String assertion = of("keyed").form();
        String token = ask(of("keyed")).path("access_token");

        post(REVOKE, "token=" + token + "&" + assertion).then().statusCode(200);
        refused(post(TOKEN, GRANT + assertion), 401, "invalid_client");
    }

    @Test
    void issuesATokenForTheRecipientInTheAssertion() throws IOException {
        String recipient = AgeKey.generate().recipient();
        Response response = ask(of("keyed").claim("age_recipient", recipient));

        response.then().statusCode(200);
        assertThat(claims(response).path("age_recipient").asText()).isEqualTo(recipient);
    }

    @Test
    void refusesARecipientOtherThanTheRegisteredOne() throws IOException {
        Response same = ask(of("keyed-and-sealed").claim("age_recipient", IssuerFiles.RECIPIENT));
        same.then().statusCode(200);
        assertThat(claims(same).path("age_recipient").asText()).isEqualTo(IssuerFiles.RECIPIENT);
        assertThat(claims(ask(of("keyed-and-sealed"))).path("age_recipient").asText())
                .isEqualTo(IssuerFiles.RECIPIENT);

        String other = AgeKey.generate().recipient();
        refused(ask(of("keyed-and-sealed").claim("age_recipient", other)), 400, "invalid_request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "age1", "AGE-SECRET-KEY-1", "ssh-ed25519 AAAA"})
    void refusesAMalformedRecipient(String recipient) {
        refused(ask(of("keyed").claim("age_recipient", recipient)), 400, "invalid_request");
    }

    @Test
    void answersEveryFailedAuthenticationTheSameWay() {
        Response otherKey = ask(of("keyed", HandMadeJws.generate()));
        Response unknownClient = ask(of("nobody"));
        Response otherMethod = ask(of("agent"));
        Response expired = ask(of("keyed").claim("exp", Instant.now().getEpochSecond() - 3600));

        refused(otherKey, 401, "invalid_client");
        assertThat(otherKey.asString())
                .isEqualTo(unknownClient.asString())
                .isEqualTo(otherMethod.asString())
                .isEqualTo(expired.asString());
        assertThat(unknownClient.statusCode()).isEqualTo(401);
    }

    @Test
    void refusesTwoAuthenticationMethodsAtOnce() {
        String assertion = GRANT + of("keyed").form();

        refused(
                request()
                        .header("Authorization", basic("agent", IssuerFiles.SECRET))
                        .body(assertion)
                        .post(TOKEN),
                400,
                "invalid_request");
        refused(
                post(TOKEN, assertion + "&" + AsClient.posted("agent", IssuerFiles.SECRET)),
                400,
                "invalid_request");
        refused(post(TOKEN, assertion + "&client_id=agent"), 400, "invalid_request");
        post(TOKEN, assertion + "&client_id=keyed").then().statusCode(200);
    }

    @Test
    void requiresTheAssertionType() {
        String assertion = of("keyed").sign();

        refused(post(TOKEN, GRANT + "client_assertion=" + assertion), 400, "invalid_request");
        refused(
                post(
                        TOKEN,
                        GRANT
                                + "client_assertion="
                                + assertion
                                + "&client_assertion_type="
                                + AsClient.encode(
                                        "urn:ietf:params:oauth:client-assertion-type:"
                                                + "saml2-bearer")),
                400,
                "invalid_request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "e30.e30.e30"})
    void refusesAMalformedAssertion(String assertion) {
        refused(post(TOKEN, GRANT + TestAssertion.form(assertion)), 401, "invalid_client");
    }

    private static TestAssertion of(String clientId) {
        return of(clientId, IssuerFiles.KEY);
    }

    private static TestAssertion of(String clientId, HandMadeJws key) {
        return TestAssertion.by(key).of(clientId, IssuerFiles.URL, Instant.now());
    }

    private static Response ask(TestAssertion assertion) {
        return post(TOKEN, GRANT + assertion.form());
    }

    private static Response post(String path, String form) {
        return request().body(form).post(path);
    }

    private static void refused(Response response, int status, String error) {
        response.then()
                .statusCode(status)
                .contentType("application/json")
                .header("Cache-Control", "no-store")
                .body("error", is(error))
                .body("error_description", notNullValue());
    }

    private static JsonNode claims(Response response) throws IOException {
        String token = response.jsonPath().getString("access_token");
        return new ObjectMapper().readTree(Base64.getUrlDecoder().decode(token.split("\\.")[1]));
    }
}

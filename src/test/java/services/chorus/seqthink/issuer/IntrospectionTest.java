package services.chorus.seqthink.issuer;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.io.IOException;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.testing.AcceptingGateway;
import services.chorus.seqthink.testing.Canaries;
import services.chorus.seqthink.testing.HandMadeJws;
import services.chorus.seqthink.testing.TestProof;

/** RFC 7662. */
@QuarkusTest
@QuarkusTestResource(value = IssuerFiles.class, restrictToAnnotatedClass = true)
class IntrospectionTest {

    @BeforeEach
    void waitUntilNewProofsAreAccepted() {
        AcceptingGateway.awaitDefault();
    }

    private static final String GRANT = "grant_type=client_credentials";
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void returnsAllClaimsOfAClientsOwnToken() throws IOException {
        String token = newToken("agent");

        Response response = introspect("agent", "token=" + token);

        response.then()
                .statusCode(200)
                .contentType("application/json")
                .header("Cache-Control", "no-store")
                .header("Pragma", "no-cache");
        JsonNode claims = claims(token);
        assertThat(claims.properties()).hasSize(10);
        assertThat(answer(response)).isEqualTo(active(token, "Bearer"));
        assertThat(answer(response).path("age_recipient").asText())
                .isEqualTo(IssuerFiles.RECIPIENT);
    }

    @Test
    void returnsTheKeyThatATokenIsBoundTo() throws IOException {
        HandMadeJws key = HandMadeJws.generate();
        TestProof proof =
                TestProof.by(key)
                        .claim("htm", "POST")
                        .claim("htu", IssuerFiles.URL + IssuerRoutes.TOKEN);
        String token =
                token(
                        AsClient.request()
                                .header("DPoP", proof.sign())
                                .header(
                                        "Authorization",
                                        AsClient.basic("bound", IssuerFiles.SECRET))
                                .body(GRANT)
                                .post(IssuerRoutes.TOKEN));

        JsonNode answer = answer(introspect("bound", "token=" + token));

        assertThat(answer).isEqualTo(active(token, "DPoP"));
        assertThat(answer.path("cnf").path("jkt").asText()).isEqualTo(key.fingerprint());
    }

    @Test
    void returnsInactiveForAnotherClientsToken() throws IOException {
        assertInactive(introspect("other", "token=" + newToken("agent")));
        assertInactive(introspect("agent", "token=" + newToken("watcher")));
    }

    @Test
    void returnsAnyTokenToAClientThatMayIntrospect() throws IOException {
        String token = newToken("agent");

        assertThat(answer(introspect("watcher", "token=" + token)))
                .isEqualTo(active(token, "Bearer"));
    }

    @Test
    void returnsInactiveForARevokedToken() throws IOException {
        String token = newToken("agent");
        AsClient.post(IssuerRoutes.REVOCATION, "agent", "token=" + token).then().statusCode(200);

        assertInactive(introspect("agent", "token=" + token));
        assertInactive(introspect("watcher", "token=" + token));
    }

    @ParameterizedTest
    @MethodSource("services.chorus.seqthink.issuer.IssuerFiles#noTokens")
    void returnsInactiveForWhatThisIssuerDidNotSign(String token) throws IOException {
        assertInactive(introspect("watcher", "token=" + token));
    }

    @Test
    void returnsInactiveForAnotherTypeThatItSigned() throws IOException {
        String list = given().get("/.well-known/revoked-tokens").asString();

        assertInactive(introspect("watcher", "token=" + list));
    }

    @Test
    void returnsInactiveForAModifiedToken() throws IOException {
        String[] parts = newToken("agent").split("\\.");
        ObjectNode claims = (ObjectNode) claims(String.join(".", parts));
        String forged = HandMadeJws.base64url(JSON.writeValueAsBytes(claims.put("scope", "all")));

        assertInactive(introspect("watcher", "token=" + parts[0] + "." + forged + "." + parts[2]));
    }

    @ParameterizedTest
    @ValueSource(strings = {"access_token", "refresh_token", "anything"})
    void ignoresTheTypeHint(String hint) throws IOException {
        String token = newToken("agent");

        assertThat(answer(introspect("agent", "token_type_hint=" + hint + "&token=" + token)))
                .isEqualTo(active(token, "Bearer"));
    }

    @Test
    void acceptsAPostedSecret() throws IOException {
        String token = newToken("agent");

        Response response =
                AsClient.request()
                        .body("token=" + token + "&" + AsClient.posted("agent", IssuerFiles.SECRET))
                        .post(IssuerRoutes.INTROSPECTION);

        assertThat(answer(response)).isEqualTo(active(token, "Bearer"));
    }

    @Test
    void refusesAClientThatDoesNotAuthenticate() {
        String token = newToken("agent");

        AsClient.request()
                .body("token=" + token)
                .post(IssuerRoutes.INTROSPECTION)
                .then()
                .statusCode(401)
                .header("WWW-Authenticate", startsWith("Basic "))
                .body("error", equalTo("invalid_client"));
        AsClient.request()
                .header("Authorization", AsClient.basic("agent", "not its secret"))
                .body("token=" + token)
                .post(IssuerRoutes.INTROSPECTION)
                .then()
                .statusCode(401);
        // RFC 7662 section 2.1: a token alone is no authorization here
        AsClient.request()
                .header("Authorization", "Bearer " + token)
                .body("token=" + token)
                .post(IssuerRoutes.INTROSPECTION)
                .then()
                .statusCode(401);
    }

    @Test
    void requiresAToken() {
        introspect("agent", "token_type_hint=access_token")
                .then()
                .statusCode(400)
                .body("error", equalTo("invalid_request"));
    }

    @Test
    void ignoresATokenInTheUrl() {
        given().header("Authorization", AsClient.basic("agent", IssuerFiles.SECRET))
                .get(IssuerRoutes.INTROSPECTION + "?token=" + newToken("agent"))
                .then()
                .statusCode(405);
    }

    private static Response introspect(String client, String form) {
        return AsClient.post(IssuerRoutes.INTROSPECTION, client, form);
    }

    private static String newToken(String client) {
        return token(AsClient.post(IssuerRoutes.TOKEN, client, GRANT));
    }

    private static String token(Response response) {
        return Canaries.note(response.then().extract().path("access_token"));
    }

    private static void assertInactive(Response response) throws IOException {
        assertThat(answer(response)).isEqualTo(JSON.createObjectNode().put("active", false));
    }

    private static JsonNode answer(Response response) throws IOException {
        return JSON.readTree(response.then().statusCode(200).extract().asString());
    }

    private static JsonNode active(String token, String type) throws IOException {
        return ((ObjectNode) claims(token)).put("active", true).put("token_type", type);
    }

    private static JsonNode claims(String token) throws IOException {
        return JSON.readTree(Base64.getUrlDecoder().decode(token.split("\\.")[1]));
    }
}

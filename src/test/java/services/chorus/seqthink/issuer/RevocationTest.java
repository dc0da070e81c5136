package services.chorus.seqthink.issuer;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.io.IOException;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import services.chorus.seqthink.testing.Canaries;
import services.chorus.seqthink.testing.Client;

/** Revocation (RFC 7009) and the published list. */
@QuarkusTest
@QuarkusTestResource(value = IssuerFiles.class, restrictToAnnotatedClass = true)
class RevocationTest {

    @Test
    void listsATokenThatItsClientRevoked() throws IOException {
        String token = newToken("agent");
        assertThat(list()).doesNotContain(hashOfId(token));

        Response answer = revoke("agent", "token=" + token + "&token_type_hint=access_token");

        answer.then().statusCode(200).header("Cache-Control", "no-store");
        assertThat(answer.asString()).isEmpty();
        assertThat(list()).contains(hashOfId(token));
        revoke("agent", "token=" + token).then().statusCode(200);
    }

    @Test
    void acceptsAPostedSecret() throws IOException {
        String token = newToken("agent");

        AsClient.request()
                .body("token=" + token + "&" + AsClient.posted("agent", IssuerFiles.SECRET))
                .post(IssuerRoutes.REVOCATION)
                .then()
                .statusCode(200);

        assertThat(list()).contains(hashOfId(token));
    }

    @Test
    void refusesToRevokeAnotherClientsToken() throws IOException {
        String token = newToken("agent");

        revoke("other", "token=" + token)
                .then()
                .statusCode(400)
                .body("error", equalTo("unauthorized_client"));

        assertThat(list()).doesNotContain(hashOfId(token));
    }

    @Test
    void revokesNothingWithoutAuthentication() throws IOException {
        String token = newToken("agent");

        AsClient.request()
                .body("token=" + token)
                .post(IssuerRoutes.REVOCATION)
                .then()
                .statusCode(401)
                .body("error", equalTo("invalid_client"));
        AsClient.request()
                .header("Authorization", AsClient.basic("agent", "not its secret"))
                .body("token=" + token)
                .post(IssuerRoutes.REVOCATION)
                .then()
                .statusCode(401);

        assertThat(list()).doesNotContain(hashOfId(token));
    }

    @ParameterizedTest
    @MethodSource("services.chorus.seqthink.issuer.IssuerFiles#noTokens")
    void answers200ForWhatThisIssuerDidNotSign(String token) throws IOException {
        int before = list().split("sha256", 2)[1].length();

        revoke("agent", "token=" + token).then().statusCode(200);

        assertThat(list().split("sha256", 2)[1]).hasSize(before);
    }

    @Test
    void revokesNothingForATokenSignedByAnother() throws IOException {
        String token = newToken("agent");
        int signature = token.lastIndexOf('.') + 1;
        char first = token.charAt(signature);
        String forged =
                token.substring(0, signature)
                        + (first == 'A' ? 'B' : 'A')
                        + token.substring(signature + 1);

        revoke("agent", "token=" + forged).then().statusCode(200);

        assertThat(list()).doesNotContain(hashOfId(token));
    }

    @Test
    void requiresAToken() {
        revoke("agent", "token_type_hint=access_token")
                .then()
                .statusCode(400)
                .body("error", equalTo("invalid_request"));
    }

    @Test
    void allowsAnyoneToCacheTheListForSeconds() {
        given().get("/.well-known/revoked-tokens")
                .then()
                .statusCode(200)
                .contentType("application/jwt")
                .header("Cache-Control", "public, max-age=5")
                .header("Access-Control-Allow-Origin", "*")
                .header("ETag", matchesPattern("\"[\\w-]{43}\""));
    }

    @Test
    void answers304WhenTheListIsUnchanged() {
        // the list is signed again every few seconds
        await().untilAsserted(
                        () -> {
                            String tag = given().get("/.well-known/revoked-tokens").header("ETag");
                            Response unchanged =
                                    given().header("If-None-Match", tag)
                                            .get("/.well-known/revoked-tokens");
                            unchanged.then().statusCode(304).header("ETag", tag);
                            assertThat(unchanged.asString()).isEmpty();
                        });

        given().header("If-None-Match", "\"another\"")
                .get("/.well-known/revoked-tokens")
                .then()
                .statusCode(200);
    }

    private static Response revoke(String client, String form) {
        return AsClient.post(IssuerRoutes.REVOCATION, client, form);
    }

    private static String newToken(String client) {
        return Canaries.note(
                AsClient.post(IssuerRoutes.TOKEN, client, "grant_type=client_credentials")
                        .jsonPath()
                        .getString("access_token"));
    }

    private static String list() {
        return payload(given().get("/.well-known/revoked-tokens").asString());
    }

    private static String hashOfId(String token) throws IOException {
        JsonNode claims = new ObjectMapper().readTree(payload(token));
        return Client.sha256(claims.get("jti").textValue().getBytes(UTF_8));
    }

    private static String payload(String jws) {
        return new String(Base64.getUrlDecoder().decode(jws.split("\\.")[1]), UTF_8);
    }
}

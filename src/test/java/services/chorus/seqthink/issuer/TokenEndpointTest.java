package services.chorus.seqthink.issuer;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;
import static services.chorus.seqthink.issuer.AsClient.basic;
import static services.chorus.seqthink.issuer.AsClient.posted;
import static services.chorus.seqthink.issuer.AsClient.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.testing.TestAssertion;

@QuarkusTest
@QuarkusTestResource(value = IssuerFiles.class, restrictToAnnotatedClass = true)
class TokenEndpointTest {

    private static final String GRANT = "grant_type=client_credentials";
    private static final List<String> ENDPOINTS =
            List.of("/oauth/token", "/oauth/introspect", "/oauth/revoke");

    @TestHTTPResource("/")
    URI base;

    @Test
    void grantsATokenToAClientThatUsesTheBasicScheme() throws IOException {
        Response response =
                request()
                        .header("Authorization", basic("agent", IssuerFiles.SECRET))
                        .body(GRANT)
                        .post("/oauth/token");

        response.then()
                .statusCode(200)
                .contentType("application/json")
                .header("Cache-Control", "no-store")
                .header("Pragma", "no-cache")
                .body("token_type", equalTo("Bearer"))
                .body("expires_in", equalTo(600))
                .body("scope", equalTo("think.read think.run"));
        JsonNode claims = claims(response);
        assertThat(claims.path("iss").asText()).isEqualTo(IssuerFiles.URL);
        assertThat(claims.path("aud").asText()).isEqualTo(IssuerFiles.AUDIENCE);
        assertThat(claims.path("sub").asText()).isEqualTo("agent");
        assertThat(claims.path("age_recipient").asText()).isEqualTo(IssuerFiles.RECIPIENT);
    }

    @Test
    void grantsATokenToAClientThatPostsItsSecret() {
        post(posted("agent", IssuerFiles.SECRET) + "&" + GRANT).then().statusCode(200);
    }

    @Test
    void grantsOnlyScopesThatAreRequestedAndAllowed() throws IOException {
        Response response = postAsAgent(GRANT + "&scope=think.run+think.admin");

        response.then().statusCode(200).body("scope", equalTo("think.run"));
        assertThat(claims(response).path("scope").asText()).isEqualTo("think.run");
    }

    @Test
    void treatsAnEmptyParameterAsMissing() {
        postAsAgent(GRANT + "&scope=&resource=")
                .then()
                .statusCode(200)
                .body("scope", equalTo("think.read think.run"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"think.admin", "think.run++think.read", "%22"})
    void refusesScopesThatItCannotGrant(String scope) {
        refused(postAsAgent(GRANT + "&scope=" + scope), 400, "invalid_scope");
    }

    @Test
    void grantsATokenForItsAudienceOnly() {
        postAsAgent(GRANT + "&resource=https%3A%2F%2Fdoor.example").then().statusCode(200);
        refused(
                postAsAgent(GRANT + "&resource=https%3A%2F%2Fother.example"),
                400,
                "invalid_target");
    }

    @Test
    void answersEveryFailedAuthenticationTheSameWay() {
        String wrong = "a wrong secret that is long enough to be one";
        Response wrongSecret = post(posted("agent", wrong) + "&" + GRANT);
        Response unknownClient = post(posted("nobody", IssuerFiles.SECRET) + "&" + GRANT);
        Response expiredClient = post(posted("expired", IssuerFiles.SECRET) + "&" + GRANT);

        refused(wrongSecret, 401, "invalid_client");
        refused(unknownClient, 401, "invalid_client");
        refused(expiredClient, 401, "invalid_client");
        assertThat(unknownClient.asString())
                .isEqualTo(wrongSecret.asString())
                .isEqualTo(expiredClient.asString());
        assertThat(wrongSecret.header("WWW-Authenticate")).startsWith("Basic ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Basic", "Basic ?", "Basic YWdlbnQ=", "Digest abc"})
    void challengesAClientWhoseHeaderIsInvalid(String authorization) {
        Response response =
                request().header("Authorization", authorization).body(GRANT).post("/oauth/token");

        refused(response, 401, "invalid_client");
        response.then().header("WWW-Authenticate", startsWith("Basic "));
    }

    @Test
    void challengesAClientWithoutCredentials() {
        refused(post(GRANT), 401, "invalid_client");
        refused(post(GRANT + "&client_id=agent"), 401, "invalid_client");
    }

    @Test
    void refusesTwoAuthenticationMethodsAtOnce() {
        refused(
                postAsAgent(GRANT + "&" + posted("agent", IssuerFiles.SECRET)),
                400,
                "invalid_request");
        refused(postAsAgent(GRANT + "&client_id=expired"), 400, "invalid_request");
        postAsAgent(GRANT + "&client_id=agent").then().statusCode(200);
    }

    @Test
    void refusesEveryPairOfAuthenticationMethods() {
        String basic = basic("agent", IssuerFiles.SECRET);
        String assertion =
                TestAssertion.by(IssuerFiles.KEY)
                        .of("keyed", IssuerFiles.URL, Instant.now())
                        .form();
        String posted = posted("agent", IssuerFiles.SECRET);
        for (String path : ENDPOINTS) {
            refused(
                    request()
                            .header("Authorization", basic, basic)
                            .body(GRANT + "&token=t")
                            .post(path),
                    400,
                    "invalid_request");
            for (String form : List.of(assertion, posted, "client_assertion=x")) {
                refused(
                        AsClient.post(path, "agent", GRANT + "&token=t&" + form),
                        400,
                        "invalid_request");
            }
            refused(
                    request().body(GRANT + "&token=t&" + assertion + "&" + posted).post(path),
                    400,
                    "invalid_request");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "scope=think.run",
                GRANT + "&" + GRANT,
                GRANT + "&scope=think.run&scope=think.run",
                GRANT + "&scope=&scope=think.run",
                GRANT + "&unheard=1&unheard=2",
                GRANT + "&scope=%",
                GRANT + "&scope=%4",
                GRANT + "&scope=%zz",
            })
    void refusesAMalformedRequest(String body) {
        refused(postAsAgent(body), 400, "invalid_request");
    }

    @Test
    void refusesABodyOfMoreThan16KiB() {
        String filler = "&filler=" + "x".repeat(16 * 1024);

        refused(postAsAgent(GRANT + filler), 400, "invalid_request");
    }

    @Test
    void refusesOtherGrants() {
        refused(postAsAgent("grant_type=password"), 400, "unsupported_grant_type");
    }

    @Test
    void acceptsFormsOnly() {
        given().header("Authorization", basic("agent", IssuerFiles.SECRET))
                .contentType("application/json")
                .body("{}")
                .post("/oauth/token")
                .then()
                .statusCode(415);
    }

    @Test
    void refusesARequestWithoutAContentType() throws Exception {
        for (String path : ENDPOINTS) {
            for (String header : List.of("", "Content-Type:\r\n")) {
                assertThat(raw("POST", path, header + authorization(), GRANT + "&token=t"))
                        .startsWith("HTTP/1.1 415 ")
                        .contains("\"code\":\"unsupported-media-type\"");
            }
        }
    }

    @Test
    void answersInJsonOrSaysThatNothingElseIsAcceptable() {
        for (String path : List.of("/oauth/token", "/oauth/introspect")) {
            request()
                    .accept("text/html")
                    .header("Authorization", basic("agent", IssuerFiles.SECRET))
                    .body(GRANT + "&token=t")
                    .post(path)
                    .then()
                    .statusCode(406)
                    .contentType("application/problem+json")
                    .body("code", is("not-acceptable"));
        }
        refused(request().accept("text/html").post("/oauth/revoke"), 401, "invalid_client");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ",",
                ";",
                "*",
                "x",
                "/",
                "a/",
                "*/*;q=",
                "*/*;q=x",
                "a/b;x=\"",
                "*/json"
            })
    void noAcceptFailsTheService(String accept) throws Exception {
        for (String path :
                List.of(
                        "/.well-known/jwks.json",
                        "/.well-known/oauth-authorization-server",
                        "/health",
                        "/metrics")) {
            String answer = raw("GET", path, "Accept: " + accept + "\r\n", "");
            assertThat(answer).as(path).matches("(?s)HTTP/1.1 (200|400|406) .*");
            if (accept.isBlank()) {
                assertThat(answer).as(path).startsWith("HTTP/1.1 200 ");
            }
        }
    }

    private static String authorization() {
        return "Authorization: " + basic("agent", IssuerFiles.SECRET) + "\r\n";
    }

    /** The answer to a request that a client library would not send. */
    private String raw(String method, String path, String headers, String body) throws IOException {
        try (Socket socket = new Socket(base.getHost(), base.getPort())) {
            String head =
                    "%s %s HTTP/1.1\r\nHost: localhost:%d\r\nConnection: close\r\n%sContent-Length: %d\r\n\r\n"
                            .formatted(method, path, base.getPort(), headers, body.length());
            socket.getOutputStream().write((head + body).getBytes(US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), US_ASCII);
        }
    }

    private static void refused(Response response, int status, String error) {
        response.then()
                .statusCode(status)
                .contentType("application/json")
                .header("Cache-Control", "no-store")
                .body("error", is(error))
                .body("error_description", notNullValue())
                .body("access_token", nullValue());
    }

    private static Response postAsAgent(String body) {
        return AsClient.post("/oauth/token", "agent", body);
    }

    private static Response post(String body) {
        return request().body(body).post("/oauth/token");
    }

    private static JsonNode claims(Response response) throws IOException {
        String token = response.jsonPath().getString("access_token");
        return new ObjectMapper().readTree(Base64.getUrlDecoder().decode(token.split("\\.")[1]));
    }
}

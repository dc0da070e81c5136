package services.chorus.seqthink.issuer;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.Provider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(value = IssuerFiles.class, restrictToAnnotatedClass = true)
class DiscoveryTest {

    private static final String ROLE_OFF = "Test-Role-Off";

    @Test
    void publishesItsKeysForAnyoneToCache() {
        given().get("/.well-known/jwks.json")
                .then()
                .statusCode(200)
                .contentType("application/json")
                .header("Cache-Control", "public, max-age=300")
                .header("Access-Control-Allow-Origin", "*")
                .header("ETag", notNullValue())
                .body("keys", hasSize(1))
                .body("keys[0].alg", equalTo("RS256"));
    }

    @Test
    void sendsNoKeysToACallerThatHasThem() {
        String tag = given().get("/.well-known/jwks.json").header("ETag");

        var unchanged = given().header("If-None-Match", tag).get("/.well-known/jwks.json");
        unchanged
                .then()
                .statusCode(304)
                .header("ETag", tag)
                .header("Cache-Control", "public, max-age=300")
                .header("Access-Control-Allow-Origin", "*");
        assertThat(unchanged.asString()).isEmpty();
        given().header("If-None-Match", "\"another\"")
                .get("/.well-known/jwks.json")
                .then()
                .statusCode(200);
    }

    @Test
    void tellsWhereItDoesWhat() {
        given().get("/.well-known/oauth-authorization-server")
                .then()
                .statusCode(200)
                .contentType("application/json")
                .body("issuer", equalTo("https://tokens.example"))
                .body("token_endpoint", equalTo("https://tokens.example/oauth/token"))
                .body("jwks_uri", equalTo("https://tokens.example/.well-known/jwks.json"))
                .body("grant_types_supported", contains("client_credentials"))
                .body("response_types_supported", empty())
                .body("scopes_supported", contains("think.read", "think.run"))
                .body(
                        "token_endpoint_auth_methods_supported",
                        contains("client_secret_basic", "client_secret_post"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/.well-known/jwks.json", "/.well-known/oauth-authorization-server"})
    void canBeHiddenByAFilterOfItsRole(String route) {
        given().header(ROLE_OFF, "1").get(route).then().statusCode(404);
    }

    @Test
    void hasATokenEndpointThatCanBeHiddenToo() {
        given().header(ROLE_OFF, "1")
                .contentType("application/x-www-form-urlencoded")
                .body("grant_type=client_credentials")
                .post("/oauth/token")
                .then()
                .statusCode(404);
    }

    /** Stands for the filter that hides the routes of a role that is off. */
    @IssuerRole
    @Provider
    public static class RoleOff implements ContainerRequestFilter {

        @Override
        public void filter(ContainerRequestContext request) {
            if (request.getHeaderString(ROLE_OFF) != null) {
                request.abortWith(Response.status(404).build());
            }
        }
    }
}

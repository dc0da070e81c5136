package services.chorus.seqthink.issuer;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.testing.Scrape;

@QuarkusTest
@QuarkusTestResource(value = IssuerFiles.class, restrictToAnnotatedClass = true)
class DiscoveryTest {

    private static final Duration DAY = Duration.ofDays(1);

    @Test
    void publishesItsKeysForAnyoneToCache() {
        given().get("/.well-known/jwks.json")
                .then()
                .statusCode(200)
                .contentType("application/json")
                .header("Cache-Control", "public, max-age=240")
                .header("Access-Control-Allow-Origin", "*")
                .header("ETag", notNullValue())
                .body("keys", hasSize(1))
                .body("keys[0].alg", equalTo("RS256"));
    }

    @Test
    void answers304WhenTheKeysAreUnchanged() {
        String tag = given().get("/.well-known/jwks.json").header("ETag");

        var unchanged = given().header("If-None-Match", tag).get("/.well-known/jwks.json");
        unchanged
                .then()
                .statusCode(304)
                .header("ETag", tag)
                .header("Cache-Control", "public, max-age=240")
                .header("Access-Control-Allow-Origin", "*");
        assertThat(unchanged.asString()).isEmpty();
        given().header("If-None-Match", "\"another\"")
                .get("/.well-known/jwks.json")
                .then()
                .statusCode(200);
    }

    @Test
    void countsRequestsForItsKeys() {
        Scrape before = Scrape.now();
        given().get("/.well-known/jwks.json").then().statusCode(200);

        Scrape after = Scrape.now();
        assertThat(after.since(before, "seqthink_issuer_jwks_requests_total")).isEqualTo(1);
        assertThat(after.values().get("seqthink_issuer_key_age_seconds"))
                .isBetween(0.0, DAY.toSeconds() * 1.0);
        assertThat(after.values().get("seqthink_issuer_next_rotation_seconds"))
                .isBetween(6.0 * DAY.toSeconds(), 7.0 * DAY.toSeconds());
    }

    @Test
    void publishesItsMetadata() {
        given().get("/.well-known/oauth-authorization-server")
                .then()
                .statusCode(200)
                .contentType("application/json")
                .body("issuer", equalTo("https://tokens.example"))
                .body("token_endpoint", equalTo("https://tokens.example/oauth/token"))
                .body("introspection_endpoint", equalTo("https://tokens.example/oauth/introspect"))
                .body("revocation_endpoint", equalTo("https://tokens.example/oauth/revoke"))
                .body("jwks_uri", equalTo("https://tokens.example/.well-known/jwks.json"))
                .body("grant_types_supported", contains("client_credentials"))
                .body("response_types_supported", empty())
                .body("dpop_signing_alg_values_supported", hasItems("ES256", "RS256", "EdDSA"))
                .body("scopes_supported", contains("think.read", "think.run"))
                .body(
                        "token_endpoint_auth_methods_supported",
                        contains("private_key_jwt", "client_secret_basic", "client_secret_post"))
                .body(
                        "token_endpoint_auth_signing_alg_values_supported",
                        hasItems("EdDSA", "ES256", "RS256", "PS256"))
                .body("token_endpoint_auth_signing_alg_values_supported", not(hasItem("HS256")))
                .body("token_endpoint_auth_signing_alg_values_supported", not(hasItem("none")))
                .body(
                        "introspection_endpoint_auth_methods_supported",
                        contains("private_key_jwt", "client_secret_basic", "client_secret_post"))
                .body(
                        "revocation_endpoint_auth_methods_supported",
                        contains("private_key_jwt", "client_secret_basic", "client_secret_post"));
    }
}

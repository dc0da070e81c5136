package services.chorus.seqthink.issuer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.Header;
import io.restassured.http.Headers;
import io.restassured.response.Response;
import java.io.IOException;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.policy.SignatureAlgorithm;
import services.chorus.seqthink.policy.SigningKey;
import services.chorus.seqthink.testing.AcceptingGateway;
import services.chorus.seqthink.testing.Canaries;
import services.chorus.seqthink.testing.HandMadeJws;
import services.chorus.seqthink.testing.TestProof;

/** Tokens that the token endpoint binds to a key (RFC 9449 section 5). */
@QuarkusTest
@QuarkusTestResource(value = IssuerFiles.class, restrictToAnnotatedClass = true)
class BoundTokenTest {

    @BeforeEach
    void waitUntilNewProofsAreAccepted() {
        AcceptingGateway.awaitDefault();
    }

    private static final String TOKEN_URL = IssuerFiles.URL + IssuerRoutes.TOKEN;

    private final HandMadeJws key = HandMadeJws.generate();

    @Test
    void bindsATokenToTheKeyThatItsRequestProves() throws IOException {
        Response response = ask("agent", proof().sign());

        response.then().statusCode(200).body("token_type", equalTo("DPoP"));
        assertThat(claims(response).path("cnf"))
                .isEqualTo(new ObjectMapper().createObjectNode().put("jkt", key.fingerprint()));
    }

    @Test
    void issuesABearerTokenWithoutAProof() throws IOException {
        Response response = ask("agent");

        response.then().statusCode(200).body("token_type", equalTo("Bearer"));
        assertThat(claims(response).has("cnf")).isFalse();
    }

    @ParameterizedTest
    @EnumSource(names = {"RS256", "PS256", "ES256", "ES384", "EDDSA"})
    void acceptsKeysOfEveryAlgorithm(SignatureAlgorithm algorithm) {
        SigningKey any = SigningKey.generate("", algorithm);
        String name = algorithm == SignatureAlgorithm.EDDSA ? "EdDSA" : algorithm.name();

        ask("agent", asked(new TestProof(name, any.jwk(), any::sign)).sign())
                .then()
                .statusCode(200)
                .body("token_type", equalTo("DPoP"));
    }

    @Test
    void refusesABearerTokenToAClientThatRequiresDpop() {
        refused(ask("bound"));

        ask("bound", proof().sign()).then().statusCode(200).body("token_type", equalTo("DPoP"));
    }

    @Test
    void acceptsAProofOnce() {
        String proof = proof().sign();

        ask("agent", proof).then().statusCode(200);
        refused(ask("agent", proof));
    }

    @Test
    void remembersProofsPerClient() {
        String proof = proof().sign();

        ask("agent", proof).then().statusCode(200);
        ask("other", proof).then().statusCode(200);
    }

    @Test
    void acceptsOneProofOnly() {
        refused(ask("agent", proof().sign(), proof().sign()));
        refused(ask("agent", proof().sign() + ", " + proof().sign()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://tokens.example/oauth/introspect",
                "https://tokens.example/",
                "https://door.example/oauth/token",
                "http://tokens.example/oauth/token"
            })
    void refusesAProofForAnotherUrl(String url) {
        refused(ask("agent", proof().claim("htu", url).sign()));
    }

    @Test
    void refusesAProofForAnotherMethod() {
        refused(ask("agent", proof().claim("htm", "GET").sign()));
    }

    @Test
    void refusesAProofThatIsTooOldOrFromTheFuture() {
        long now = Instant.now().getEpochSecond();

        refused(ask("agent", proof().claim("iat", now - 120).sign()));
        refused(ask("agent", proof().claim("iat", now + 120).sign()));
    }

    @Test
    void refusesAProofThatItsOwnKeyDidNotSign() {
        refused(ask("agent", proof().signedBy(HandMadeJws.generate()::signature)));
        refused(ask("agent", proof().header("jwk", Map.of("kty", "OKP")).sign()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "e30.e30.", "..", "eyJhbGciOiJub25lIn0.e30."})
    void refusesAMalformedProof(String proof) {
        refused(ask("agent", proof));
    }

    @Test
    void ignoresTheProofWhenAuthenticationFails() {
        String proof = proof().sign();
        AsClient.request()
                .header("Authorization", AsClient.basic("agent", "not its secret"))
                .header("DPoP", proof)
                .body("grant_type=client_credentials")
                .post(IssuerRoutes.TOKEN)
                .then()
                .statusCode(401)
                .body("error", equalTo("invalid_client"));

        ask("agent", proof).then().statusCode(200);
    }

    private TestProof proof() {
        return asked(TestProof.by(key));
    }

    /** A proof for the token endpoint, without a token hash. */
    private static TestProof asked(TestProof by) {
        return by.claim("htm", "POST").claim("htu", TOKEN_URL);
    }

    private static void refused(Response response) {
        response.then()
                .statusCode(400)
                .contentType("application/json")
                .header("Cache-Control", "no-store")
                .body("error", is("invalid_dpop_proof"))
                .body("access_token", nullValue());
    }

    private static Response ask(String clientId, String... proofs) {
        return AsClient.request()
                .headers(new Headers(Stream.of(proofs).map(p -> new Header("DPoP", p)).toList()))
                .header("Authorization", AsClient.basic(clientId, IssuerFiles.SECRET))
                .body("grant_type=client_credentials")
                .post(IssuerRoutes.TOKEN);
    }

    private static JsonNode claims(Response response) throws IOException {
        String token = Canaries.note(response.jsonPath().getString("access_token"));
        return new ObjectMapper().readTree(Base64.getUrlDecoder().decode(token.split("\\.")[1]));
    }
}

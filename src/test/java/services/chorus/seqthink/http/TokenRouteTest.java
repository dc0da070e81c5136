package services.chorus.seqthink.http;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import services.chorus.seqthink.testing.Canaries;
import services.chorus.seqthink.testing.Client;
import services.chorus.seqthink.testing.Door;
import services.chorus.seqthink.testing.TestIssuer;

@QuarkusTest
@WithTestResource(Door.class)
class TokenRouteTest {

    private static final String METADATA =
            Door.PUBLIC_URL + "/.well-known/oauth-protected-resource";
    private static final String OR_DPOP =
            ", DPoP realm=\"seqthink\", scope=\"%s\", algs=\"%s\", resource_metadata=\"%s\""
                    .formatted(
                            TestIssuer.SCOPE,
                            "RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519",
                            METADATA);

    Door door;

    @Test
    void challengesAMissingTokenWithoutAnErrorCode() {
        Response response = post(given());

        assertUnauthorized(response);
        assertThat(response.header("WWW-Authenticate"))
                .isEqualTo(
                        "Bearer realm=\"seqthink\", scope=\"%s\", resource_metadata=\"%s\""
                                        .formatted(TestIssuer.SCOPE, METADATA)
                                + OR_DPOP);
    }

    static Stream<Arguments> badClaims() {
        return Stream.of(
                bad("The access token expired", c -> c.setClaim("exp", 1_000_000_000L)),
                bad("The access token is not yet valid", c -> c.setClaim("nbf", 32_503_680_000L)),
                bad("The access token has no expiry", c -> c.unsetClaim("exp")),
                bad(
                        "The access token comes from an issuer that is not trusted here",
                        c -> c.setIssuer("https://other.example")),
                bad(
                        "The access token is meant for another audience",
                        c -> c.setAudience("https://other.example")),
                bad("The access token names no caller", c -> c.setSubject("")));
    }

    private static Arguments bad(String reason, Consumer<JwtClaims> change) {
        return Arguments.of(reason, change);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badClaims")
    void reportsWhyATokenIsRejected(String reason, Consumer<JwtClaims> change) {
        assertRefused(door.issuer().token("caller", change), reason);
    }

    @Test
    void rejectsAnUnsignedToken() throws JoseException {
        JsonWebSignature jws = jws();
        jws.setAlgorithmHeaderValue(AlgorithmIdentifiers.NONE);

        assertRefused(
                jws.getCompactSerialization(),
                "The access token is signed with an algorithm that is not allowed");
    }

    @Test
    void rejectsATokenSignedWithThePublicKeyAsASecret() throws JoseException {
        JsonWebSignature jws = jws();
        jws.setAlgorithmHeaderValue(AlgorithmIdentifiers.HMAC_SHA256);
        jws.setKeyIdHeaderValue(door.issuer().current().getKeyId());
        jws.setKey(new HmacKey(door.issuer().current().getRsaPublicKey().getEncoded()));

        assertRefused(
                jws.getCompactSerialization(),
                "The access token is signed with an algorithm that is not allowed");
    }

    @Test
    void rejectsAKeyThatTheIssuerDoesNotPublish() {
        assertRefused(
                TestIssuer.sign(TestIssuer.claims("caller", c -> {}), TestIssuer.newKey()),
                "The access token is signed with an unknown key");
    }

    @Test
    void rejectsASignatureByAnotherKeyWithTheSameId() {
        RsaJsonWebKey forged = TestIssuer.newKey();
        forged.setKeyId(door.issuer().current().getKeyId());

        assertRefused(
                TestIssuer.sign(TestIssuer.claims("caller", c -> {}), forged),
                "The signature of the access token is wrong");
    }

    @Test
    void rejectsAMalformedAuthorizationHeader() {
        for (String header : List.of("Bearer", "Bearer a b", "Bearer \"x\"")) {
            assertUnauthorized(post(given().header("Authorization", header)));
        }
    }

    @Test
    void ignoresATokenInTheQuery() {
        assertUnauthorized(
                given().queryParam("access_token", door.issuer().token("caller"))
                        .contentType("application/age")
                        .body(new byte[0])
                        .post("/mcp/tool"));
    }

    @Test
    void answers403ToAValidTokenWithoutTheScope() {
        for (Object scopes : List.of("", "other", List.of("other", "sequentialthinking"))) {
            String token = door.issuer().token("caller", c -> c.setClaim("scope", scopes));
            Response response = post(given().header("Authorization", "Bearer " + token));

            response.then().statusCode(403).body("code", equalTo("insufficient-scope"));
            assertThat(response.header("WWW-Authenticate"))
                    .contains(
                            "error=\"insufficient_scope\"",
                            "scope=\"" + TestIssuer.SCOPE + "\"",
                            "resource_metadata=\"" + METADATA + "\"");
        }
    }

    @Test
    void readsTheScopeFromEachOfItsClaims() {
        for (String claim : List.of("scope", "scp", "scopes")) {
            for (Object value : List.of("a " + TestIssuer.SCOPE, List.of("a", TestIssuer.SCOPE))) {
                String token =
                        door.issuer()
                                .token(
                                        "caller",
                                        c -> {
                                            c.unsetClaim("scope");
                                            c.setClaim(claim, value);
                                        });
                assertThat(new Client(door, token).historyAfter(Canaries.thought())).isPositive();
            }
        }
    }

    @Test
    void checksTheTokenThenTheTypeThenTheSize() {
        byte[] large = new byte[5 * 1024 * 1024];
        String token = door.issuer().token("caller");

        given().contentType("text/plain").body(large).post("/mcp/tool").then().statusCode(401);
        given().header("Authorization", "Bearer " + token)
                .contentType("text/plain")
                .body(large)
                .post("/mcp/tool")
                .then()
                .statusCode(415)
                .body("code", equalTo("unsupported-media-type"));
        given().header("Authorization", "Bearer " + token)
                .contentType("application/age")
                .body(large)
                .post("/mcp/tool")
                .then()
                .statusCode(413)
                .body("code", equalTo("too-large"));
    }

    @Test
    void acceptsTheFirstTokenOfARotatedKey() {
        assertThat(Client.stranger(door).historyAfter(Canaries.thought())).isEqualTo(1);
        door.issuer().rotate();
        assertThat(Client.stranger(door).historyAfter(Canaries.thought())).isEqualTo(1);
    }

    @Test
    void limitsFetchesForAThousandMadeUpKeys() throws Exception {
        Client good = Client.stranger(door);
        assertThat(good.historyAfter(Canaries.thought())).isEqualTo(1);
        RsaJsonWebKey key = TestIssuer.newKey();
        int before = door.issuer().fetches();

        try (ExecutorService crowd = Executors.newFixedThreadPool(200)) {
            List<Callable<Integer>> calls =
                    IntStream.range(0, 1000)
                            .<Callable<Integer>>mapToObj(
                                    i -> () -> post(withMadeUpKey(key)).statusCode())
                            .toList();
            List<Future<Integer>> pending = calls.stream().map(crowd::submit).toList();
            assertThat(good.historyAfter(Canaries.thought())).isEqualTo(2);
            for (Future<Integer> answer : pending) {
                assertThat(answer.get()).isIn(401, 503);
            }
        }

        // a burst of three, then one every four seconds for as long as the crowd is served
        assertThat(door.issuer().fetches() - before).isLessThan(20);
        assertThat(good.historyAfter(Canaries.thought())).isEqualTo(3);
    }

    private RequestSpecification withMadeUpKey(RsaJsonWebKey key) {
        RsaJsonWebKey madeUp = new RsaJsonWebKey(key.getRsaPublicKey());
        madeUp.setPrivateKey(key.getPrivateKey());
        madeUp.setKeyId(UUID.randomUUID().toString());
        String token = TestIssuer.sign(TestIssuer.claims("caller", c -> {}), madeUp);
        return given().header("Authorization", "Bearer " + token);
    }

    private static JsonWebSignature jws() {
        JsonWebSignature jws = new JsonWebSignature();
        jws.setAlgorithmConstraints(AlgorithmConstraints.NO_CONSTRAINTS);
        jws.setDoKeyValidation(false);
        jws.setPayload(TestIssuer.claims("caller", c -> {}).toJson());
        return jws;
    }

    private static void assertRefused(String token, String reason) {
        Response response = post(given().header("Authorization", "Bearer " + token));
        assertUnauthorized(response);
        assertThat(response.header("WWW-Authenticate"))
                .isEqualTo(
                        "Bearer realm=\"seqthink\", error=\"invalid_token\","
                                + " error_description=\"%s\", scope=\"%s\", resource_metadata=\"%s\""
                                        .formatted(reason, TestIssuer.SCOPE, METADATA)
                                + OR_DPOP);
    }

    private static void assertUnauthorized(Response response) {
        response.then()
                .statusCode(401)
                .contentType("application/problem+json")
                .body("code", equalTo("unauthorized"));
        assertThat(response.header("WWW-Authenticate")).startsWith("Bearer ");
    }

    private static Response post(RequestSpecification request) {
        return request.contentType("application/age").body(new byte[] {1}).post("/mcp/tool");
    }
}

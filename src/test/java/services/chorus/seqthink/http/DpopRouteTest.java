package services.chorus.seqthink.http;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.policy.Reason;
import services.chorus.seqthink.policy.dpop.ProofFault;
import services.chorus.seqthink.testing.Canaries;
import services.chorus.seqthink.testing.Client;
import services.chorus.seqthink.testing.Door;
import services.chorus.seqthink.testing.FollowedStream;
import services.chorus.seqthink.testing.HandMadeJws;
import services.chorus.seqthink.testing.TestIssuer;
import services.chorus.seqthink.testing.TestProof;

/** Tokens that are bound to a key, at a gateway that accepts unbound ones too. */
@QuarkusTest
@WithTestResource(Door.class)
class DpopRouteTest {

    @TestHTTPResource URI service;

    Door door;
    private final HandMadeJws key = HandMadeJws.generate();
    private Client caller;
    private byte[] sealed;

    @BeforeEach
    void bindATokenToAKey() {
        caller = new Client(door, token(Map.of("jkt", key.fingerprint())));
        sealed = caller.sealed(caller.request(Canaries.thought()));
    }

    private String token(Object confirmation) {
        return door.issuer()
                .token(
                        "bound-" + UUID.randomUUID(),
                        claims -> claims.setClaim("cnf", confirmation));
    }

    private TestProof proof() {
        return TestProof.by(key).of("POST", Door.TOOL_ROUTE, caller.token()).covering(sealed);
    }

    private RequestSpecification with(String... proofs) {
        RequestSpecification request = given().header("Authorization", "DPoP " + caller.token());
        List.of(proofs).forEach(proof -> request.header("DPoP", proof));
        return request;
    }

    private static Response post(RequestSpecification request, byte[] body) {
        return request.contentType("application/age").body(body).post("/mcp/tool");
    }

    private Response post(TestProof proof) {
        return post(with(proof.sign()), sealed);
    }

    private void assertIsAccepted(Response response) {
        response.then().statusCode(200);
        assertThat(caller.open(response).at("/result/thoughtHistoryLength").intValue())
                .isEqualTo(1);
    }

    private static void assertRefused(Response response, ProofFault fault) {
        assertUnauthorized(
                response,
                "DPoP realm=\"seqthink\", error=\"invalid_dpop_proof\", error_description=\""
                        + fault.description()
                        + "\"");
    }

    private static void assertUnauthorized(Response response, String challenge) {
        response.then()
                .statusCode(401)
                .contentType("application/problem+json")
                .body("code", equalTo("unauthorized"));
        assertThat(response.header("WWW-Authenticate"))
                .contains(challenge)
                .containsOnlyOnce("error=")
                .containsOnlyOnce("algs=\"");
    }

    @Test
    void acceptsABoundTokenWithAProof() {
        assertIsAccepted(post(proof()));
    }

    @Test
    void rejectsABoundTokenUnderTheBearerScheme() {
        for (RequestSpecification request :
                List.of(given(), given().header("DPoP", proof().sign()))) {
            assertUnauthorized(
                    post(request.header("Authorization", "Bearer " + caller.token()), sealed),
                    "Bearer realm=\"seqthink\", error=\"invalid_token\", error_description=\""
                            + Reason.NEEDS_PROOF.description());
        }
        assertIsAccepted(post(proof()));
    }

    @Test
    void rejectsAnUnboundTokenUnderTheDpopScheme() {
        caller = Client.stranger(door);

        assertUnauthorized(
                post(proof()),
                "DPoP realm=\"seqthink\", error=\"invalid_token\", error_description=\""
                        + Reason.NOT_BOUND.description());
    }

    @Test
    void rejectsATokenWithAnotherConfirmationToo() {
        caller =
                new Client(
                        door,
                        token(Map.of("jkt", key.fingerprint(), "x5t#S256", key.fingerprint())));

        assertUnauthorized(post(proof()), Reason.UNKNOWN_CONFIRMATION.description());
        assertUnauthorized(
                post(given().header("Authorization", "Bearer " + caller.token()), sealed),
                Reason.UNKNOWN_CONFIRMATION.description());
    }

    @Test
    void requiresExactlyOneProof() {
        assertRefused(post(with(), sealed), ProofFault.MISSING);
        assertRefused(post(with(proof().sign(), proof().sign()), sealed), ProofFault.SEVERAL);
    }

    @Test
    void acceptsAProofOnce() {
        TestProof proof = proof();
        assertIsAccepted(post(proof));

        assertRefused(post(proof), ProofFault.USED);
        byte[] first = sealed;
        sealed = caller.sealed(caller.request(Canaries.thought()));
        assertRefused(post(with(proof.sign()), first), ProofFault.USED);
        assertRefused(post(proof.covering(sealed)), ProofFault.USED);
    }

    @Test
    void rejectsAProofForAnotherBodyBeforeItIsOpened() {
        TestProof proof = proof();
        byte[] garbage = {1};
        byte[] other = caller.sealed(caller.request(Canaries.thought()));

        assertRefused(post(with(proof.sign()), garbage), ProofFault.OTHER_REQUEST);
        assertRefused(post(with(proof.sign()), other), ProofFault.OTHER_REQUEST);
        assertRefused(post(with(proof.sign()), new byte[0]), ProofFault.OTHER_REQUEST);
        // the rejected requests have not used up the proof
        assertIsAccepted(post(proof));
    }

    @Test
    void rejectsAProofWithoutAHashOfTheBody() {
        assertRefused(post(proof().without("request_hash")), ProofFault.OTHER_REQUEST);
    }

    @Test
    void rejectsAProofForAnotherToken() {
        TestProof ofAnother =
                proof().of("POST", Door.TOOL_ROUTE, token(Map.of("jkt", key.fingerprint())));

        assertRefused(post(ofAnother), ProofFault.OTHER_TOKEN);
    }

    @Test
    void rejectsAProofForAnotherMethodOrUrl() {
        String token = caller.token();

        assertRefused(post(proof().of("GET", Door.TOOL_ROUTE, token)), ProofFault.OTHER_METHOD);
        assertRefused(post(proof().of("POST", FollowedStream.ROUTE, token)), ProofFault.OTHER_URL);
        assertRefused(
                with(proof().sign())
                        .contentType("application/age")
                        .accept("text/event-stream")
                        .body(sealed)
                        .post("/mcp/sse"),
                ProofFault.OTHER_URL);
    }

    @Test
    void takesItsUrlFromNoHeader() {
        TestProof elsewhere = proof().of("POST", "https://other.example/mcp/tool", caller.token());

        assertRefused(
                post(
                        with(elsewhere.sign())
                                .header("X-Forwarded-Host", "other.example")
                                .header("X-Forwarded-Proto", "https")
                                .header("Forwarded", "host=other.example;proto=https"),
                        sealed),
                ProofFault.OTHER_URL);
        assertRefused(
                post(proof().of("POST", service.resolve("/mcp/tool").toString(), caller.token())),
                ProofFault.OTHER_URL);
    }

    @ParameterizedTest
    @ValueSource(longs = {-3600, -62, 62, 3600})
    void rejectsAProofOfAnotherTime(long seconds) {
        TestProof proof = proof().claim("iat", Instant.now().getEpochSecond() + seconds);

        assertRefused(post(proof), ProofFault.STALE);
    }

    @Test
    void rejectsAProofByAnotherKey() {
        HandMadeJws other = HandMadeJws.generate();
        TestProof proof =
                TestProof.by(other).of("POST", Door.TOOL_ROUTE, caller.token()).covering(sealed);

        assertRefused(post(proof), ProofFault.OTHER_KEY);
        assertRefused(
                post(with(proof().signedBy(other::signature)), sealed), ProofFault.BAD_SIGNATURE);
    }

    @Test
    void rejectsAProofWithoutAnAsymmetricSignature() {
        assertRefused(
                post(with(proof().header("alg", "none").signedBy(bytes -> new byte[0])), sealed),
                ProofFault.ALGORITHM_NOT_ALLOWED);
        assertRefused(post(proof().header("alg", "HS256")), ProofFault.ALGORITHM_NOT_ALLOWED);
    }

    @Test
    void rejectsAProofThatContainsAPrivateKey() {
        Map<String, Object> jwk =
                Map.of("kty", "OKP", "crv", "Ed25519", "x", key.x(), "d", key.d());

        assertRefused(post(proof().header("jwk", jwk)), ProofFault.UNUSABLE_KEY);
    }

    @Test
    void rejectsATokenAsAProof() {
        assertRefused(post(with(caller.token()), sealed), ProofFault.WRONG_TYPE);
    }

    @Test
    void checksTheProofBeforeScopeTypeAndSize() {
        given().header("Authorization", "DPoP " + caller.token())
                .contentType("text/plain")
                .body(new byte[5 * 1024 * 1024])
                .post("/mcp/tool")
                .then()
                .statusCode(401);
        with(proof().sign())
                .contentType("text/plain")
                .body(sealed)
                .post("/mcp/tool")
                .then()
                .statusCode(415);
    }

    @Test
    void namesTheSchemeInA403() {
        String token =
                door.issuer()
                        .token(
                                "scopeless",
                                claims -> {
                                    claims.setClaim("scope", "other");
                                    claims.setClaim("cnf", Map.of("jkt", key.fingerprint()));
                                });
        caller = new Client(door, token);

        Response response = post(proof());

        response.then().statusCode(403);
        assertThat(response.header("WWW-Authenticate"))
                .startsWith("DPoP realm=\"seqthink\", error=\"insufficient_scope\"")
                .contains("scope=\"" + TestIssuer.SCOPE + "\"");
    }

    @Test
    void opensAStreamForAProofOfItsEnvelope() throws Exception {
        byte[] asking = caller.sealed(FollowedStream.request(caller));
        TestProof proof =
                TestProof.by(key).of("GET", FollowedStream.ROUTE, caller.token()).covering(asking);
        byte[] other = caller.sealed(FollowedStream.request(caller));

        assertRefused(follow(with(proof.sign()), other), ProofFault.OTHER_REQUEST);
        assertRefused(follow(with(), asking), ProofFault.MISSING);
        assertRefused(
                follow(with(proof().covering(asking).sign()), asking), ProofFault.OTHER_METHOD);
        try (FollowedStream stream =
                FollowedStream.get(
                        caller,
                        service,
                        asking,
                        "Authorization",
                        "DPoP " + caller.token(),
                        "DPoP",
                        proof.sign())) {
            assertThat(stream.opened().get("event").textValue()).isEqualTo("open");
        }
        assertRefused(follow(with(proof.sign()), asking), ProofFault.USED);
    }

    private static Response follow(RequestSpecification request, byte[] envelope) {
        return request.accept("text/event-stream")
                .header("Sealed-Envelope", HandMadeJws.base64url(envelope))
                .get("/mcp/sse");
    }

    @Test
    void opensAStreamForAProofOfThePostedEnvelope() {
        byte[] asking = caller.sealed(FollowedStream.request(caller));
        TestProof proof = TestProof.by(key).of("POST", FollowedStream.ROUTE, caller.token());

        assertRefused(
                with(proof.covering(sealed).sign())
                        .accept("text/event-stream")
                        .contentType("application/age")
                        .body(asking)
                        .post("/mcp/sse"),
                ProofFault.OTHER_REQUEST);
        // the proof is accepted; the envelope is for the other route
        with(proof.covering(sealed).sign())
                .accept("text/event-stream")
                .contentType("application/age")
                .body(sealed)
                .post("/mcp/sse")
                .then()
                .statusCode(400)
                .body("code", equalTo("malformed"));
    }
}

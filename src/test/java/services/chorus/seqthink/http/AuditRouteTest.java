package services.chorus.seqthink.http;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import services.chorus.seqthink.audit.ChainHead;
import services.chorus.seqthink.audit.ChainVerification;
import services.chorus.seqthink.audit.ChainVerification.ChainFault;
import services.chorus.seqthink.testing.AgeKey;
import services.chorus.seqthink.testing.AuditRecords;
import services.chorus.seqthink.testing.Canaries;
import services.chorus.seqthink.testing.Client;
import services.chorus.seqthink.testing.Door;
import services.chorus.seqthink.testing.FollowedStream;

/** The audit record of every request. */
@QuarkusTest
@WithTestResource(Door.class)
class AuditRouteTest {

    @TestHTTPResource URI service;

    Door door;
    private AuditRecords audit;
    private String name;
    private String tokenId;
    private Client caller;
    private int before;

    @BeforeEach
    void createACaller() {
        audit = new AuditRecords(door.audit());
        name = "caller-" + UUID.randomUUID();
        tokenId = UUID.randomUUID().toString();
        caller = new Client(door, door.issuer().token(name, claims -> claims.setJwtId(tokenId)));
        before = audit.decisions().size();
    }

    @Test
    void recordsACallWithoutItsContent() {
        String thought = Canaries.thought();
        ObjectNode request = caller.request(thought);
        byte[] sealed = caller.sealed(request);

        Response response = caller.post(sealed);

        response.then().statusCode(200);
        JsonNode record = onlyRecord();
        assertThat(record.fieldNames())
                .toIterable()
                .containsExactly(
                        "audit",
                        "seq",
                        "prev",
                        "at",
                        "kind",
                        "replica",
                        "method",
                        "route",
                        "iss",
                        "sub",
                        "jti",
                        "scopes",
                        "tool",
                        "request_hash",
                        "outcome",
                        "status",
                        "inside",
                        "ms",
                        "received",
                        "sent");
        assertThat(Duration.between(Instant.parse(text(record, "at")), Instant.now()))
                .isBetween(Duration.ofSeconds(-5), Duration.ofSeconds(60));
        assertThat(text(record, "replica")).isNotEmpty();
        assertThat(text(record, "method")).isEqualTo("POST");
        assertThat(text(record, "route")).isEqualTo("/mcp/tool");
        assertThat(text(record, "iss")).isEqualTo("https://issuer.example");
        assertThat(text(record, "sub")).isEqualTo(name);
        assertThat(text(record, "jti")).isEqualTo(tokenId);
        assertThat(record.at("/scopes/0").textValue()).isEqualTo("sequentialthinking.run");
        assertThat(text(record, "tool")).isEqualTo("sequentialthinking");
        assertThat(text(record, "request_hash")).isEqualTo(Client.sha256(sealed));
        assertThat(text(record, "outcome")).isEqualTo("allowed");
        assertThat(record.get("status").intValue()).isEqualTo(200);
        assertThat(record.get("inside").intValue()).isEqualTo(200);
        assertThat(record.get("received").intValue()).isEqualTo(sealed.length);
        assertThat(record.get("sent").intValue()).isEqualTo(response.asByteArray().length);
        assertThat(audit.text())
                .doesNotContain(thought)
                .doesNotContain(caller.token())
                .doesNotContain(caller.token().substring(caller.token().lastIndexOf('.') + 1))
                .doesNotContain(request.get("request_id").textValue())
                .doesNotContain(caller.key().secret());
    }

    @Test
    void recordsARequestWithoutAToken() {
        given().body("x").post("/mcp/tool").then().statusCode(401);

        assertDenied(onlyRecord(), 401, "unauthorized");
        assertThat(onlyRecord().has("sub")).isFalse();
    }

    @Test
    void recordsABadToken() {
        given().header("Authorization", "Bearer " + caller.token() + "x")
                .post("/mcp/tool")
                .then()
                .statusCode(401);

        assertDenied(onlyRecord(), 401, "unauthorized");
        assertThat(onlyRecord().has("sub")).isFalse();
    }

    @Test
    void recordsATokenWithoutTheScope() {
        String token = door.issuer().token(name, claims -> claims.setClaim("scope", "other"));

        given().header("Authorization", "Bearer " + token).post("/mcp/tool").then().statusCode(403);

        assertDenied(onlyRecord(), 403, "insufficient-scope");
        assertThat(text(onlyRecord(), "sub")).isEqualTo(name);
        assertThat(onlyRecord().at("/scopes/0").textValue()).isEqualTo("other");
    }

    @Test
    void recordsAnUnknownRoute() {
        given().get("/mcp/nothing?" + name).then().statusCode(404);

        assertDenied(onlyRecord(), 404, "not-found");
        assertThat(text(onlyRecord(), "route")).isEqualTo("other");
    }

    @ParameterizedTest
    @CsvSource({"/mcp/tool/,404", "/mcp/t%6fol,404"})
    void recordsTheCanonicalRouteOfAnotherSpelling(String path, int status) {
        given().urlEncodingEnabled(false).post(path).then().statusCode(status);

        assertThat(text(onlyRecord(), "route")).isEqualTo("/mcp/tool");
    }

    @Test
    void recordsARequestForAnotherHost() {
        given().header("Host", "elsewhere.example").post("/mcp/tool").then().statusCode(421);

        assertDenied(onlyRecord(), 421, "wrong-host");
    }

    @Test
    void recordsAnUnknownMethod() {
        given().request("PURGE", "/mcp/tool").then().statusCode(405);

        assertThat(text(onlyRecord(), "method")).isEqualTo("other");
        assertThat(text(onlyRecord(), "outcome")).isEqualTo("denied");
    }

    @Test
    void recordsAWrongMediaType() {
        given().header("Authorization", "Bearer " + caller.token())
                .contentType("application/json")
                .body("{}")
                .post("/mcp/tool")
                .then()
                .statusCode(415);

        assertDenied(onlyRecord(), 415, "unsupported-media-type");
        assertThat(text(onlyRecord(), "sub")).isEqualTo(name);
    }

    @Test
    void recordsABodyThatCannotBeDecrypted() {
        byte[] garbage = "garbage".getBytes(UTF_8);

        caller.post(garbage).then().statusCode(400);

        assertDenied(onlyRecord(), 400, "malformed");
        assertThat(text(onlyRecord(), "request_hash")).isEqualTo(Client.sha256(garbage));
    }

    @Test
    void recordsARefusalInsideTheSeal() {
        caller.post(caller.sealed(caller.request(Canaries.thought()).put("tool", " ")))
                .then()
                .statusCode(403);

        assertDenied(onlyRecord(), 403, "bad-request");
        assertThat(onlyRecord().get("inside").intValue()).isEqualTo(400);
    }

    @Test
    void recordsAReplay() {
        byte[] sealed = caller.sealed(caller.request(Canaries.thought()));
        caller.post(sealed).then().statusCode(200);

        caller.post(sealed).then().statusCode(409);

        List<JsonNode> records = audit.after(before, 2);
        assertThat(records).hasSize(2);
        assertDenied(records.get(1), 409, "replayed");
        assertThat(records.get(1).get("request_hash"))
                .isEqualTo(records.get(0).get("request_hash"));
    }

    @Test
    void recordsAToolNameTruncatedAndEscaped() {
        String hostile = "\"},\n{\"audit\":1,\u0000\u2028" + "x".repeat(5000);

        caller.post(caller.sealed(caller.request(Canaries.thought()).put("tool", hostile)));

        String tool = text(onlyRecord(), "tool");
        assertThat(tool)
                .hasSize(128 + "n".length() + "u0000u2028".length())
                .startsWith("\"},\\n{\"audit\":1,\\u0000\\u2028xxx")
                .endsWith("…");
        assertIntact();
    }

    @Test
    void recordsTheBeginAndTheEndOfAStream() throws Exception {
        byte[] sealed = caller.sealed(FollowedStream.request(caller));
        try (FollowedStream stream = FollowedStream.get(caller, service, sealed)) {
            stream.opened();
            assertThat(text(onlyRecord(), "stream")).isEqualTo("begin");
        }

        List<JsonNode> records = audit.after(before, 2);
        assertThat(records).hasSize(2);
        for (JsonNode record : records) {
            assertThat(text(record, "route")).isEqualTo("/mcp/sse");
            assertThat(text(record, "sub")).isEqualTo(name);
            assertThat(text(record, "request_hash")).isEqualTo(Client.sha256(sealed));
            assertThat(text(record, "outcome")).isEqualTo("allowed");
            assertThat(record.get("status").intValue()).isEqualTo(200);
        }
        assertThat(text(records.get(1), "stream")).isEqualTo("end");
        assertThat(text(records.get(1), "code")).isEqualTo("cut-off");
        assertThat(records.get(1).get("sent").intValue()).isPositive();
    }

    @Test
    void recordsThatAStreamEndedBecauseItsTokenExpired() throws Exception {
        Instant soon = Instant.now().plusSeconds(3);
        String token =
                door.issuer().token(name, claims -> claims.setClaim("exp", soon.getEpochSecond()));
        try (FollowedStream stream = FollowedStream.of(new Client(door, token), service)) {
            stream.opened();
            stream.opened();
        }

        assertThat(text(audit.after(before, 2).get(1), "code")).isEqualTo("token-expired");
    }

    @Test
    void recordsARefusedStream() throws Exception {
        try (FollowedStream stream =
                FollowedStream.get(caller, service, AgeKey.generate().secret().getBytes(UTF_8))) {
            assertThat(stream.status()).isEqualTo(400);
        }

        assertDenied(onlyRecord(), 400, "malformed");
        assertThat(onlyRecord().has("stream")).isFalse();
    }

    @Test
    void recordsNothingOfOtherRoutes() {
        given().get("/health").then().statusCode(200);
        given().get("/metrics").then().statusCode(200);
        given().get("/mcpx").then().statusCode(404);
        given().post("/mcp/tool").then().statusCode(401);

        assertThat(text(onlyRecord(), "route")).isEqualTo("/mcp/tool");
    }

    @Test
    void keepsAnIntactChain() {
        for (int i = 0; i < 20; i++) {
            caller.historyAfter(Canaries.thought());
        }
        audit.after(before, 20);

        assertIntact();
    }

    private void assertIntact() {
        List<ChainFault> faults = new ArrayList<>();
        try {
            Optional<ChainHead> head = ChainHead.of(audit.files());
            ChainVerification.Report report =
                    new ChainVerification(ChainHead.NONE, head, List.of())
                            .of(audit.files(), faults::add);
            assertThat(faults).isEmpty();
            assertThat(report.headReached()).isTrue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The only record of this test. */
    private JsonNode onlyRecord() {
        List<JsonNode> records = audit.after(before, 1);
        assertThat(records).hasSize(1);
        return records.getFirst();
    }

    private static void assertDenied(JsonNode record, int status, String code) {
        assertThat(text(record, "outcome")).isEqualTo("denied");
        assertThat(record.get("status").intValue()).isEqualTo(status);
        assertThat(text(record, "code")).isEqualTo(code);
    }

    private static String text(JsonNode record, String member) {
        return record.path(member).asText();
    }
}

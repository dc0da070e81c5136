package services.chorus.seqthink.http;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.age.AgeFile;
import services.chorus.seqthink.age.Armor;
import services.chorus.seqthink.age.Encoding;
import services.chorus.seqthink.age.Opened;
import services.chorus.seqthink.pipeline.Problem;
import services.chorus.seqthink.testing.AgeKey;
import services.chorus.seqthink.testing.Canaries;
import services.chorus.seqthink.testing.Client;
import services.chorus.seqthink.testing.Door;

@QuarkusTest
@WithTestResource(Door.class)
class ToolRouteTest {

    Door door;
    Client caller;

    @BeforeEach
    void createACaller() {
        caller = Client.stranger(door);
    }

    @Test
    void sealsTheReplyToTheCallerOnly() {
        ObjectNode request = caller.request(Canaries.thought());
        byte[] sealed = caller.sealed(request);

        Response response = caller.post(sealed);

        response.then().statusCode(200).contentType("application/age");
        assertThat(response.header("Cache-Control")).isEqualTo("no-store");
        JsonNode reply = caller.open(response);
        assertThat(reply.get("request_id")).isEqualTo(request.get("request_id"));
        assertThat(reply.get("request_hash").textValue()).isEqualTo(Client.sha256(sealed));
        assertThat(reply.get("status").intValue()).isEqualTo(200);
        assertThat(reply.at("/result/thoughtHistoryLength").intValue()).isEqualTo(1);
        for (AgeKey other : List.of(door.key(), door.bareReader(), AgeKey.generate())) {
            assertThat(AgeFile.open(response.asByteArray(), List.of(other.identity()), 1 << 20))
                    .isInstanceOf(Opened.NoIdentityMatched.class);
        }
    }

    @Test
    void acceptsArmorAndHashesItsBinaryForm() throws Exception {
        byte[] plaintext =
                caller.request(Canaries.thought()).toString().getBytes(StandardCharsets.UTF_8);
        byte[] armored = Client.sealed(plaintext, door.key().recipient(), Encoding.ARMORED);

        Response response = caller.post(armored);

        response.then().statusCode(200);
        assertThat(response.asByteArray()).startsWith("age-encryption.org".getBytes());
        assertThat(caller.open(response).get("request_hash").textValue())
                .isEqualTo(Client.sha256(Armor.dearmor(armored)));
    }

    @Test
    void sendsArmorIfAccepted() {
        Response response =
                given().header("Authorization", "Bearer " + caller.token())
                        .accept("application/age; armor=true")
                        .contentType("application/age")
                        .body(caller.sealed(caller.request(Canaries.thought())))
                        .post("/mcp/tool");

        response.then().statusCode(200);
        assertThat(response.asString()).startsWith("-----BEGIN AGE ENCRYPTED FILE-----");
        assertThat(caller.open(response).at("/result/thoughtHistoryLength").intValue())
                .isEqualTo(1);
    }

    @Test
    void reportsThatAThoughtIsTooLargeToStream() {
        JsonNode reply =
                caller.open(caller.post(caller.sealed(caller.request("x".repeat(512 * 1024)))));

        assertThat(reply.at("/error/code").textValue()).isEqualTo("tool-error");
        assertThat(reply.get("streamed").booleanValue()).isFalse();
    }

    @Test
    void separatesHistoriesOfCallers() {
        Client other = Client.stranger(door);

        assertThat(caller.historyAfter(Canaries.thought())).isEqualTo(1);
        assertThat(caller.historyAfter(Canaries.thought())).isEqualTo(2);
        assertThat(other.historyAfter(Canaries.thought())).isEqualTo(1);
        assertThat(caller.historyAfter(Canaries.thought())).isEqualTo(3);
    }

    @Test
    void separatesSessionsOfOneCaller() {
        assertThat(caller.historyAfter(Canaries.thought())).isEqualTo(1);
        assertThat(caller.historyAfter(Canaries.thought(), r -> r.put("session", "other")))
                .isEqualTo(1);
        assertThat(caller.historyAfter(Canaries.thought(), r -> r.put("session", "default")))
                .isEqualTo(2);
    }

    @Test
    void givesAStolenTokenNoPastThoughts() {
        assertThat(caller.historyAfter(Canaries.thought())).isEqualTo(1);

        Client thief = new Client(door, caller.token());

        assertThat(thief.historyAfter(Canaries.thought())).isEqualTo(1);
    }

    @Test
    void rejectsARequestUnderAnotherCallersToken() {
        assertThat(caller.historyAfter(Canaries.thought())).isEqualTo(1);
        byte[] sealed = caller.sealed(caller.request(Canaries.thought()));
        Client other = Client.stranger(door);

        assertIsMalformed(other.post(sealed));

        assertThat(caller.historyAfter(Canaries.thought())).isEqualTo(2);
        assertThat(other.historyAfter(Canaries.thought())).isEqualTo(1);
    }

    @Test
    void rejectsARequestForAnotherRoute() {
        ObjectNode request = caller.request(Canaries.thought());
        request.put("to", Door.PUBLIC_URL + "/mcp");

        assertIsMalformed(caller.post(caller.sealed(request)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ath", "to", "request_id", "reply_to"})
    void rejectsAnEnvelopeThatLacksAMember(String member) {
        ObjectNode request = caller.request(Canaries.thought());
        request.remove(member);

        assertIsMalformed(caller.post(caller.sealed(request)));
    }

    @Test
    void rejectsPlaintextThatIsNotAStrictJsonObject() {
        String good = caller.request(Canaries.thought()).toString();
        String twice = good.replaceFirst("\"tool\"", "\"tool\":\"other\",\"tool\"");
        for (String plaintext : List.of(twice, "[" + good + "]", good + good, "", "thought")) {
            byte[] sealed =
                    Client.sealed(
                            plaintext.getBytes(StandardCharsets.UTF_8),
                            door.key().recipient(),
                            Encoding.BINARY);
            assertIsMalformed(caller.post(sealed));
        }
    }

    @Test
    void requiresAnEnvelope() {
        ObjectNode bare = caller.request(Canaries.thought());
        bare.retain("tool", "payload");

        caller.post(caller.sealed(bare))
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("code", equalTo("envelope-required"));
    }

    @Test
    void rejectsTruncatedAndChangedCiphertext() {
        byte[] sealed = caller.sealed(caller.request(Canaries.thought()));
        Random random = new Random(7);
        for (int i = 0; i < 40; i++) {
            byte[] broken = sealed.clone();
            broken[random.nextInt(broken.length)] ^= (byte) (1 << random.nextInt(8));
            assertThat(caller.post(broken).statusCode()).isIn(400, 422);
            byte[] cut = Arrays.copyOf(sealed, random.nextInt(sealed.length));
            assertIsMalformed(caller.post(cut));
        }
        assertThat(caller.historyAfter(Canaries.thought())).isEqualTo(1);
    }

    @Test
    void rejectsAnEmptyBody() {
        assertIsMalformed(caller.post(new byte[0]));
    }

    @Test
    void answers422ToARequestSealedToAnotherKey() {
        byte[] sealed =
                Client.sealed(
                        caller.request(Canaries.thought()),
                        AgeKey.generate().recipient(),
                        Encoding.BINARY);

        caller.post(sealed).then().statusCode(422).body("code", equalTo("key-config"));
    }

    @Test
    void reportsAStaleRequestInsideTheSeal() {
        ObjectNode request = caller.request(Canaries.thought());
        request.put("issued_at", Instant.now().getEpochSecond() - 61);

        Response response = caller.post(caller.sealed(request));

        response.then().statusCode(403).contentType("application/age");
        JsonNode reply = caller.open(response);
        assertThat(reply.get("request_id")).isEqualTo(request.get("request_id"));
        assertThat(reply.at("/error/code").textValue()).isEqualTo("stale-request");
    }

    @Test
    void sealsToTheRecipientInTheTokenAndRejectsAnother() {
        AgeKey bound = AgeKey.generate();
        String token =
                door.issuer()
                        .token(
                                "bound",
                                claims -> claims.setClaim("age_recipient", bound.recipient()));
        Client client = new Client(door, token);

        Response swapped = client.post(client.sealed(client.request(Canaries.thought())));
        swapped.then().statusCode(403);
        assertThat(Client.open(swapped.asByteArray(), bound).at("/error/code").textValue())
                .isEqualTo("reply-to-mismatch");

        ObjectNode request = client.request(Canaries.thought());
        request.remove("reply_to");
        Response kept = client.post(client.sealed(request));
        kept.then().statusCode(200);
        assertThat(
                        Client.open(kept.asByteArray(), bound)
                                .at("/result/thoughtHistoryLength")
                                .intValue())
                .isEqualTo(1);
    }

    @Test
    void reportsABadRequestInsideTheSeal() {
        ObjectNode noTool = caller.request(Canaries.thought());
        noTool.remove("tool");
        ObjectNode noPayload = caller.request(Canaries.thought());
        noPayload.put("payload", "text");
        for (ObjectNode request : List.of(noTool, noPayload)) {
            Response response = caller.post(caller.sealed(request));
            response.then().statusCode(403).contentType("application/age");
            assertThat(caller.open(response).at("/error/code").textValue())
                    .isEqualTo("bad-request");
        }
    }

    @Test
    void forwardsToolErrorsAboutArguments() {
        ObjectNode request = caller.request(Canaries.thought());
        request.withObject("payload").put("thoughtNumber", "one");

        Response response = caller.post(caller.sealed(request));

        response.then().statusCode(200);
        JsonNode error = caller.open(response).get("error");
        assertThat(error.get("code").textValue()).isEqualTo("tool-error");
        assertThat(error.get("message").textValue()).contains("thoughtNumber");
    }

    private static void assertIsMalformed(Response response) {
        response.then().statusCode(400).contentType("application/problem+json");
        assertThat(response.asString())
                .isEqualTo(
                        """
                        {"title":"Bad Request","status":400,"code":"malformed","detail":"%s"}"""
                                .formatted(Problem.MALFORMED.detail()));
    }
}

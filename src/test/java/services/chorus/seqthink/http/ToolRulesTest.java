package services.chorus.seqthink.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.math.BigDecimal;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import services.chorus.seqthink.sealing.HistoryQuota;
import services.chorus.seqthink.testing.Canaries;
import services.chorus.seqthink.testing.Client;
import services.chorus.seqthink.testing.Door;
import services.chorus.seqthink.testing.PlainPeer;
import services.chorus.seqthink.testing.Scrape;
import services.chorus.seqthink.testing.TestIssuer;

/** A gateway with rules for tools. */
@QuarkusTest
@WithTestResource(
        value = Door.class,
        initArgs = {
            @ResourceArg(name = "seqthink.policy.rule[0].tool", value = "say"),
            @ResourceArg(name = "seqthink.policy.rule[1].tool", value = "pay"),
            @ResourceArg(name = "seqthink.policy.rule[1].scopes[0]", value = "pay"),
            @ResourceArg(name = "seqthink.policy.rule[1].when[0].pointer", value = "/amount"),
            @ResourceArg(name = "seqthink.policy.rule[1].when[0].most", value = "10"),
            @ResourceArg(name = "seqthink.policy.rule[2].tool", value = "pay"),
            @ResourceArg(name = "seqthink.policy.rule[2].scopes[0]", value = "pay.large"),
            @ResourceArg(name = "seqthink.policy.rule[2].when[0].pointer", value = "/amount"),
            @ResourceArg(name = "seqthink.policy.rule[2].when[0].least", value = "5"),
            @ResourceArg(name = "seqthink.policy.rule[2].when[0].most", value = "10"),
            @ResourceArg(name = "seqthink.policy.tool-scopes", value = "note=notes")
        })
@WithTestResource(PlainPeer.class)
class ToolRulesTest {

    Door door;
    PlainPeer peer;
    Client caller;

    @BeforeEach
    void createACallerWithoutScopes() {
        caller = callerWith("");
    }

    @Test
    void forwardsACallThatARuleAllows() {
        assertAllowed(caller, request(caller, "say"));
        Client writer = callerWith("notes");
        assertAllowed(writer, request(writer, "note"));
    }

    @Test
    void listsAllMissingScopesInsideTheSeal() {
        Scrape before = Scrape.now();
        ObjectNode request = pay(caller, "7");

        JsonNode reply = assertRefused(caller, request, "insufficient-scope");

        assertThat(reply.at("/error/scopes").valueStream().map(JsonNode::textValue))
                .containsExactly(TestIssuer.SCOPE, "pay", "pay.large");
        assertThat(Scrape.now().since(before, "seqthink_rule_denials_total")).isEqualTo(1);
        Client withOneScope = callerWith("pay");
        assertRefused(withOneScope, pay(withOneScope, "7"), "insufficient-scope");
        Client withAllScopes = callerWith("pay.large pay");
        assertAllowed(withAllScopes, pay(withAllScopes, "7"));
    }

    @Test
    void appliesToolScopesToo() {
        JsonNode reply = assertRefused(caller, request(caller, "note"), "insufficient-scope");

        assertThat(reply.at("/error/scopes").valueStream().map(JsonNode::textValue))
                .containsExactly(TestIssuer.SCOPE, "notes");
    }

    @ParameterizedTest
    @CsvSource({"4,200", "4.99999999999999999999,200", "5,403", "10.0,403", "1e0,200"})
    void comparesNumbersExactly(String amount, int status) {
        Client payer = callerWith("pay");

        payer.post(payer.sealed(pay(payer, amount))).then().statusCode(status);
    }

    @Test
    void deniesCallsThatNoRuleAllows() {
        Client withAllScopes = callerWith("pay pay.large notes");
        ObjectNode asText = pay(withAllScopes, "1");
        asText.withObject("payload").put("amount", "1");
        ObjectNode without = pay(withAllScopes, "1");
        without.withObject("payload").remove("amount");

        for (ObjectNode request :
                List.of(
                        request(withAllScopes, "other"),
                        request(withAllScopes, "Say"),
                        request(withAllScopes, "say "),
                        pay(withAllScopes, "10.00000000000000000001"),
                        asText,
                        without)) {
            JsonNode reply = assertRefused(withAllScopes, request, "not-allowed");
            assertThat(reply.get("error").has("scopes")).isFalse();
        }
    }

    @Test
    void forwardsNumbersUnchanged() {
        Client payer = callerWith("pay");

        assertAllowed(payer, pay(payer, "1.50000000000000000000000000000001"));

        assertThat(peer.requests().getLast()).contains("1.50000000000000000000000000000001");
    }

    @Test
    void recordsTheIdOfADeniedRequest() {
        byte[] refused = caller.sealed(request(caller, "note"));

        caller.post(refused).then().statusCode(403);
        caller.post(refused).then().statusCode(409);
    }

    @Test
    void countsNoHistoryForADeniedCall() {
        for (int session = 0; session <= HistoryQuota.MOST; session++) {
            ObjectNode request = request(caller, "note").put("session", "session " + session);
            assertRefused(caller, request, "insufficient-scope");
        }

        assertAllowed(caller, request(caller, "say"));
    }

    private void assertAllowed(Client client, ObjectNode request) {
        Response response = client.post(client.sealed(request));

        response.then().statusCode(200);
        assertThat(client.open(response).at("/result/said").textValue()).isEqualTo("yes");
    }

    private JsonNode assertRefused(Client client, ObjectNode request, String code) {
        int calls = peer.requests().size();

        Response response = client.post(client.sealed(request));

        response.then().statusCode(403).contentType("application/age");
        assertThat(response.header("WWW-Authenticate")).isNull();
        assertThat(response.header("Cache-Control")).isEqualTo("no-store");
        JsonNode reply = client.open(response);
        assertThat(reply.get("request_id")).isEqualTo(request.get("request_id"));
        assertThat(reply.get("status").intValue()).isEqualTo(403);
        assertThat(reply.at("/error/code").textValue()).isEqualTo(code);
        assertThat(reply.has("result")).isFalse();
        assertThat(peer.requests()).hasSize(calls);
        return reply;
    }

    private Client callerWith(String scopes) {
        return new Client(
                door,
                door.issuer()
                        .token(
                                "caller-" + UUID.randomUUID(),
                                claims ->
                                        claims.setClaim("scope", TestIssuer.SCOPE + " " + scopes)));
    }

    private static ObjectNode request(Client client, String tool) {
        return client.request(Canaries.thought()).put("tool", tool);
    }

    private static ObjectNode pay(Client client, String amount) {
        ObjectNode request = request(client, "pay");
        request.withObject("payload").put("amount", new BigDecimal(amount));
        return request;
    }
}

package services.chorus.seqthink.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import services.chorus.seqthink.age.AgeFile;
import services.chorus.seqthink.age.Encoding;
import services.chorus.seqthink.age.Opened;
import services.chorus.seqthink.testing.AgeKey;
import services.chorus.seqthink.testing.Attacker;
import services.chorus.seqthink.testing.Attacker.Answer;
import services.chorus.seqthink.testing.Attacker.Request;
import services.chorus.seqthink.testing.Canaries;
import services.chorus.seqthink.testing.Client;
import services.chorus.seqthink.testing.Door;
import services.chorus.seqthink.testing.HandMadeJws;

/**
 * Calls through an attacker who terminates TLS, sees the token, knows the recipients of gateway and
 * caller, and sends false answers. In every case the caller or the gateway rejects, and no thought
 * is read.
 */
@QuarkusTest
@WithTestResource(Door.class)
@WithTestResource(Attacker.class)
class CallUnderAttackTest {

    private static final String TOOL = "/mcp/tool";
    private static final String RECIPIENTS = "/.well-known/age-recipients";

    Door door;
    Attacker attacker;

    @TestHTTPResource("/")
    URI service;

    @TempDir Path folder;
    private String token;
    private Caller caller;

    @BeforeEach
    void startTheAttackerAndACaller() throws Exception {
        attacker.restartBefore(service);
        token = door.issuer().token("victim-" + Instant.now().toEpochMilli() + Math.random());
        caller = Caller.in(folder, token);
    }

    @Test
    void callsWithoutAnAttack() {
        assertThat(call().orFail()).asString(UTF_8).contains("\"thoughtHistoryLength\" : 1");
        assertThat(call().orFail()).asString(UTF_8).contains("\"thoughtHistoryLength\" : 2");
    }

    @Test
    void rejectsACopiedRequestUnderAnotherToken() {
        String own = door.issuer().token("attacker");
        AtomicReference<Answer> stolen = new AtomicReference<>();
        onTool(
                request -> {
                    stolen.set(attacker.forward(request.with("authorization", "Bearer " + own)));
                    return attacker.forward(request);
                });

        CommandRun run = call();

        assertThat(stolen.get().status()).isEqualTo(400);
        assertThat(stolen.get().text()).contains("malformed");
        assertThat(run.orFail()).asString(UTF_8).contains("\"thoughtHistoryLength\" : 1");
    }

    @Test
    void acceptsARequestOnce() {
        AtomicReference<Answer> second = new AtomicReference<>();
        onTool(
                request -> {
                    Answer first = attacker.forward(request);
                    second.set(attacker.forward(request));
                    return first;
                });

        call().orFail();

        assertThat(second.get().status()).isEqualTo(409);
        assertThat(opens(second.get().body(), caller.key())).isTrue();
        onTool(attacker::forward);
        assertThat(call().orFail()).asString(UTF_8).contains("\"thoughtHistoryLength\" : 2");
    }

    @Test
    void sealsAReplyToItsCallerOnly() throws Exception {
        AtomicReference<Answer> reply = new AtomicReference<>();
        onTool(
                request -> {
                    reply.set(attacker.forward(request));
                    return reply.get();
                });

        call().orFail();

        assertThat(opens(reply.get().body(), caller.key())).isTrue();
        assertThat(opens(reply.get().body(), door.key())).isFalse();
        assertThat(opens(reply.get().body(), door.bareReader())).isFalse();
        assertThat(opens(reply.get().body(), AgeKey.generate())).isFalse();
    }

    @Test
    void rejectsAForgedReply() {
        ObjectNode lie = Client.thought("lie").put("status", 200);
        lie.putObject("result").put("lie", true);
        onTool(request -> sealedToTheCaller(lie));
        assertRejected(call(), "The reply answers another request");

        onTool(
                request ->
                        sealedToTheCaller(
                                lie.deepCopy()
                                        .put("request_id", "0".repeat(32))
                                        .put("request_hash", Client.sha256(request.body()))));
        assertRejected(call(), "The reply answers another request");

        onTool(request -> new Answer(200, "application/json", "{\"result\":1}".getBytes(UTF_8)));
        assertRejected(call(), "the answer is not sealed");
    }

    @Test
    void rejectsAReplyToAnotherRequest() {
        AtomicReference<Answer> old = new AtomicReference<>();
        onTool(
                request -> {
                    old.set(attacker.forward(request));
                    return old.get();
                });
        call().orFail();

        onTool(request -> old.get());

        assertRejected(call(), "The reply answers another request");
    }

    @Test
    void rejectsAChangedRequest() {
        onTool(
                request -> {
                    byte[] changed = request.body().clone();
                    changed[changed.length - 1] ^= 1;
                    return attacker.forward(request.withBody(changed));
                });

        assertRejected(call(), "the answer is not sealed (status 400)");
    }

    @Test
    void sealsNothingAgainAfterAForged422() {
        call().orFail();
        attacker.restartBefore(service);
        onTool(request -> new Answer(422, "application/problem+json", new byte[0]));

        assertRejected(call(), "newer");

        assertThat(attacker.seen(TOOL)).hasSize(1);
    }

    @Test
    void rejectsTheAttackersRecipientsAfterAForged422() {
        call().orFail();
        attacker.restartBefore(service);
        AgeKey own = AgeKey.generate();
        HandMadeJws signer = HandMadeJws.generate();
        attacker.plans(
                request ->
                        switch (request.path()) {
                            case RECIPIENTS -> document(signer, 2, own);
                            default -> new Answer(422, "application/problem+json", new byte[0]);
                        });

        assertRejected(call(), "key");

        assertThat(attacker.seen(TOOL)).hasSize(1).noneMatch(sent -> opens(sent.body(), own));
    }

    @Test
    void rejectsTheAttackersRecipients() {
        AgeKey own = AgeKey.generate();
        HandMadeJws signer = HandMadeJws.generate();
        attacker.plans(request -> document(signer, 1, own));

        assertRejected(call(), "key");

        assertThat(attacker.seen(TOOL)).isEmpty();
    }

    @Test
    void rejectsACopiedRequestAtAnotherRoute() throws Exception {
        AtomicReference<Answer> elsewhere = new AtomicReference<>();
        onTool(
                request -> {
                    elsewhere.set(attacker.forward(request.to("POST", "/mcp/sse")));
                    return attacker.forward(request);
                });

        call().orFail();

        assertThat(elsewhere.get().status()).isEqualTo(400);
        assertThat(elsewhere.get().text()).contains("malformed");
    }

    @Test
    void aStolenTokenReadsNoEarlierThoughts() throws Exception {
        call().orFail();
        call().orFail();
        AgeKey own = AgeKey.generate();

        Answer answer = attacker.forward(callOfTheAttacker(own));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(Client.open(answer.body(), own).at("/result/thoughtHistoryLength").intValue())
                .isEqualTo(1);
    }

    @Test
    void rejectsAnotherRecipientThanTheTokens() throws Exception {
        token =
                door.issuer()
                        .token(
                                "victim",
                                claims ->
                                        claims.setClaim("age_recipient", caller.key().recipient()));
        AgeKey own = AgeKey.generate();

        Answer answer = attacker.forward(callOfTheAttacker(own));

        assertThat(answer.status()).isEqualTo(403);
        assertThat(opens(answer.body(), own)).isFalse();
        assertThat(Client.open(answer.body(), caller.key()).at("/error/code").textValue())
                .isEqualTo("reply-to-mismatch");
    }

    @Test
    void changedHeadersAlterNeitherRequestNorReply() {
        onTool(request -> attacker.forward(request.with("accept", "application/age; armor=true")));
        call().orFail();

        onTool(request -> attacker.forward(request.with("content-encoding", "gzip")));
        assertRejected(call(), "the answer is not sealed (status 415)");

        onTool(request -> attacker.forward(request.with("authorization", "Bearer e30.e30.e30")));
        assertRejected(call(), "the answer is not sealed (status 401");
    }

    private Request callOfTheAttacker(AgeKey own) {
        ObjectNode request = new Client(door, token).request(Canaries.thought());
        request.put("to", attacker.url() + TOOL).put("reply_to", own.recipient());
        return new Request(
                "POST",
                TOOL,
                Map.of("authorization", "Bearer " + token, "content-type", "application/age"),
                Client.sealed(request, door.key().recipient(), Encoding.BINARY));
    }

    private Answer document(HandMadeJws signer, int version, AgeKey recipient) {
        long now = Instant.now().getEpochSecond();
        String payload =
                ("{\"url\":\"%s\",\"version\":%d,\"since\":%d,\"until\":%d,"
                                + "\"recipients\":[\"%s\"],\"opens\":[]}")
                        .formatted(attacker.url(), version, now, now + 3600, recipient.recipient());
        return new Answer(200, "application/jose", signer.sign(payload).getBytes(US_ASCII));
    }

    private Answer sealedToTheCaller(ObjectNode reply) {
        return new Answer(
                200,
                "application/age",
                Client.sealed(reply, caller.key().recipient(), Encoding.BINARY));
    }

    private void onTool(Attacker.Plan plan) {
        attacker.plans(
                request ->
                        request.path().equals(TOOL)
                                ? plan.answer(request)
                                : attacker.forward(request));
    }

    private CommandRun call() {
        String thought = Client.thought(Canaries.thought()).toString();
        return caller.through(attacker, door, "call", thought);
    }

    private static boolean opens(byte[] sealed, AgeKey key) {
        return AgeFile.open(sealed, List.of(key.identity()), 1 << 20) instanceof Opened.Plaintext;
    }

    private static void assertRejected(CommandRun run, String why) {
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.output()).isEmpty();
        assertThat(run.errors()).contains(why).doesNotContain("lie");
    }
}

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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import services.chorus.seqthink.age.Encoding;
import services.chorus.seqthink.testing.Attacker;
import services.chorus.seqthink.testing.Attacker.Answer;
import services.chorus.seqthink.testing.Attacker.Request;
import services.chorus.seqthink.testing.Canaries;
import services.chorus.seqthink.testing.Client;
import services.chorus.seqthink.testing.Door;
import services.chorus.seqthink.testing.HandMadeJws;
import services.chorus.seqthink.testing.OwnFile;
import services.chorus.seqthink.testing.Scrape;
import services.chorus.seqthink.testing.TestProof;

/**
 * Calls with a token that is bound to a key, through an attacker who terminates TLS. With
 * everything it sees, the attacker can neither call with the token nor change a call; none of its
 * attempts is decrypted.
 */
@QuarkusTest
@WithTestResource(Door.class)
@WithTestResource(Attacker.class)
class BoundCallUnderAttackTest {

    private static final String TOOL = "/mcp/tool";
    private static final String STREAM = "/mcp/sse";
    private static final String WORK = "seqthink_phase_duration_seconds_count";

    Door door;
    Attacker attacker;

    @TestHTTPResource("/")
    URI service;

    @TempDir Path folder;
    private final HandMadeJws key = HandMadeJws.generate();
    private final HandMadeJws attackersKey = HandMadeJws.generate();
    private final List<Answer> answers = new ArrayList<>();
    private String token;
    private Caller caller;
    private Client thief;

    @BeforeEach
    void bindTheTokenToAKey() throws Exception {
        attacker.restartBefore(service);
        token = boundToken();
        caller = Caller.in(folder, token);
        thief = new Client(door, token);
        OwnFile.write(folder.resolve("dpop.jwk"), key.privateJwk());
    }

    private String boundToken() {
        return door.issuer()
                .token(
                        "victim-" + UUID.randomUUID(),
                        claims -> claims.setClaim("cnf", Map.of("jkt", key.fingerprint())));
    }

    @Test
    void callsAndFollowsWithoutAnAttack() {
        assertHistoryLength(call(), 1);
        assertHistoryLength(call(), 2);

        onStream(request -> Attacker.stream(attacker.events(request, 3)));
        assertThat(follow().text().lines()).hasSize(2);
        assertThat(attacker.seen(TOOL)).extracting(this::proof).doesNotHaveDuplicates();
    }

    @Test
    void rejectsTheTokenWithoutAProof() throws Exception {
        call().orFail();
        Request own = ownCall();

        assertAllRejected(
                () -> {
                    attempt(own.with("authorization", "Bearer " + token));
                    attempt(own.with("authorization", "DPoP " + token));
                    attempt(own.with("authorization", "dpop " + token).with("dpop", ""));
                });
        assertHistoryLength(call(), 2);
    }

    @Test
    void rejectsEveryProofOfTheAttacker() throws Exception {
        Request own = ownCall();
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key.keys().getPublic().getEncoded(), "HmacSHA256"));
        Map<String, Object> withPrivateHalf =
                Map.of("kty", "OKP", "crv", "Ed25519", "x", key.x(), "d", attackersKey.d());

        assertAllRejected(
                () -> {
                    attempt(own, made(TestProof.by(attackersKey), own).sign());
                    attempt(own, made(TestProof.by(key), own).signedBy(attackersKey::signature));
                    attempt(
                            own,
                            made(TestProof.by(key), own)
                                    .header("jwk", withPrivateHalf)
                                    .signedBy(attackersKey::signature));
                    attempt(
                            own,
                            made(TestProof.by(key), own)
                                    .header("alg", "none")
                                    .signedBy(bytes -> new byte[0]));
                    attempt(
                            own,
                            made(TestProof.by(key), own)
                                    .header("alg", "HS256")
                                    .signedBy(mac::doFinal));
                    attempt(
                            own,
                            made(TestProof.by(attackersKey), own)
                                    .header("kid", key.fingerprint())
                                    .sign());
                });
        // the attempts lacked only the key
        attempt(own, made(key, own));
        assertThat(answers.getLast().status()).isEqualTo(200);
    }

    @Test
    void acceptsAProofForItsOwnRequestOnly() {
        onTool(
                request -> {
                    String good = proof(request);
                    assertAllRejected(
                            () -> {
                                attempt(ownCall(), good);
                                attempt(request.withBody(new byte[0]));
                                attempt(request.withBody(flipped(request.body())));
                                attempt(request.to("POST", STREAM).with("accept", "*/*"));
                                attempt(
                                        request.to("GET", STREAM)
                                                .withBody(new byte[0])
                                                .with("sealed-envelope", base64url(request.body()))
                                                .with("accept", "text/event-stream"));
                                attempt(request.with("authorization", "DPoP " + boundToken()));
                                attempt(request.with("authorization", "Bearer " + token));
                                attempt(request, good + ", " + made(attackersKey, request));
                                attempt(request, changed(good, "\"iat\":", "\"iat\":1"));
                                attempt(
                                        request,
                                        changed(good, "\"htm\":\"POST\"", "\"htm\":\"GET\""));
                            });
                    // the attempts have not used up its proof
                    return attacker.forward(request);
                });

        assertHistoryLength(call(), 1);
    }

    @Test
    void acceptsAProofOnce() {
        onTool(
                request -> {
                    Answer first = attacker.forward(request);
                    assertAllRejected(
                            () -> {
                                attempt(request);
                                attempt(ownCall(), proof(request));
                            });
                    return first;
                });

        assertHistoryLength(call(), 1);
        onTool(attacker::forward);
        assertHistoryLength(call(), 2);
    }

    @Test
    void acceptsAStreamsProofForItsOwnEnvelopeOnly() throws Exception {
        call().orFail();
        AtomicReference<Request> asked = new AtomicReference<>();
        onStream(
                request -> {
                    asked.set(request);
                    assertAllRejected(
                            () -> {
                                attempt(request.with("sealed-envelope", base64url(ownStream())));
                                attempt(request.to("POST", STREAM).withBody(ownStream()));
                                attempt(request.to("POST", TOOL).withBody(envelope(request)));
                                attempt(request.with("dpop", made(attackersKey, request)));
                            });
                    return Attacker.stream(attacker.events(request, 2));
                });

        assertThat(follow().text().lines()).hasSize(1);

        assertAllRejected(() -> attempt(asked.get()));
    }

    /** The attacker's attempts. */
    @FunctionalInterface
    private interface Attempts {
        void make() throws Exception;
    }

    private void assertAllRejected(Attempts attempts) throws Exception {
        Scrape before = Scrape.now();
        answers.clear();
        attempts.make();
        assertThat(answers)
                .isNotEmpty()
                .allSatisfy(
                        answer -> {
                            assertThat(answer.status()).isEqualTo(401);
                            assertThat(answer.text()).contains("unauthorized");
                        });
        assertThat(Scrape.now().since(before, WORK)).isZero();
    }

    private void attempt(Request request) throws Exception {
        answers.add(attacker.forward(request));
    }

    private void attempt(Request request, String proof) throws Exception {
        attempt(request.with("authorization", "DPoP " + token).with("dpop", proof));
    }

    /** A call with the caller's token that is valid except for the proof. */
    private Request ownCall() {
        return new Request(
                "POST", TOOL, Map.of("content-type", "application/age"), ownEnvelope(TOOL));
    }

    private byte[] ownStream() {
        return ownEnvelope(STREAM);
    }

    private byte[] ownEnvelope(String route) {
        ObjectNode request = thief.request(Canaries.thought());
        request.put("to", attacker.url() + route);
        return Client.sealed(request, door.key().recipient(), Encoding.BINARY);
    }

    private TestProof made(TestProof by, Request request) {
        return by.of(request.method(), attacker.url() + request.path(), token)
                .covering(request.body());
    }

    private String made(HandMadeJws by, Request request) {
        return made(TestProof.by(by), request).sign();
    }

    private String proof(Request request) {
        return request.headers().get("dpop");
    }

    private static byte[] envelope(Request request) {
        return Base64.getUrlDecoder().decode(request.headers().get("sealed-envelope"));
    }

    private static byte[] flipped(byte[] body) {
        byte[] changed = Arrays.copyOf(body, body.length);
        changed[changed.length - 1] ^= 1;
        return changed;
    }

    private static String changed(String proof, String from, String to) {
        String[] parts = proof.split("\\.");
        String claims = new String(Base64.getUrlDecoder().decode(parts[1]), UTF_8);
        assertThat(claims).contains(from);
        parts[1] = base64url(claims.replace(from, to).getBytes(US_ASCII));
        return String.join(".", parts);
    }

    private static String base64url(byte[] bytes) {
        return HandMadeJws.base64url(bytes);
    }

    private void onTool(Attacker.Plan plan) {
        on(TOOL, plan);
    }

    private void onStream(Attacker.Plan plan) {
        on(STREAM, plan);
    }

    private void on(String path, Attacker.Plan plan) {
        attacker.plans(
                request ->
                        request.path().equals(path)
                                ? plan.answer(request)
                                : attacker.forward(request));
    }

    private CommandRun call() {
        return run("call", Client.thought(Canaries.thought()).toString());
    }

    private CommandRun follow() {
        return run("follow", "");
    }

    private CommandRun run(String command, String input) {
        return caller.through(
                attacker,
                door,
                command,
                input,
                "--dpop-key",
                folder.resolve("dpop.jwk").toString());
    }

    private static void assertHistoryLength(CommandRun run, int number) {
        assertThat(run.orFail()).asString(UTF_8).contains("\"thoughtHistoryLength\" : " + number);
    }
}

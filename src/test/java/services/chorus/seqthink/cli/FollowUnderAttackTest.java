package services.chorus.seqthink.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import services.chorus.seqthink.age.Encoding;
import services.chorus.seqthink.testing.AgeKey;
import services.chorus.seqthink.testing.Attacker;
import services.chorus.seqthink.testing.Attacker.Answer;
import services.chorus.seqthink.testing.Attacker.Request;
import services.chorus.seqthink.testing.Canaries;
import services.chorus.seqthink.testing.Client;
import services.chorus.seqthink.testing.Door;

/** Streams through an attacker who terminates TLS, like {@link CallUnderAttackTest} for calls. */
@QuarkusTest
@WithTestResource(Door.class)
@WithTestResource(Attacker.class)
class FollowUnderAttackTest {

    private static final String TOOL = "/mcp/tool";
    private static final String STREAM = "/mcp/sse";
    private static final int THOUGHTS = 3;

    Door door;
    Attacker attacker;

    @TestHTTPResource("/")
    URI service;

    @TempDir Path folder;
    private Client client;
    private Caller caller;
    private final List<String> thoughts = new ArrayList<>();

    @BeforeEach
    void thinkAFewThoughts() throws Exception {
        attacker.restartBefore(service);
        String token = door.issuer().token("victim-" + UUID.randomUUID());
        caller = Caller.in(folder, token);
        client = new Client(door, token);
        for (int i = 0; i < THOUGHTS; i++) {
            thoughts.add(Canaries.thought());
            caller.through(attacker, door, "call", Client.thought(thoughts.getLast()).toString())
                    .orFail();
        }
    }

    @Test
    void acceptsEventsUntilTheStreamIsCutOff() {
        onEvents(events -> events);

        CommandRun run = follow();

        assertThat(run.text().lines()).hasSize(THOUGHTS);
        assertThat(run.text()).contains(thoughts);
        assertFails(run, "cut off");
    }

    @Test
    void detectsAWithheldEvent() {
        onEvents(events -> without(events, 2));
        CommandRun run = follow();
        assertThat(run.text()).contains(thoughts.get(0)).doesNotContain(thoughts.get(2));
        assertFails(run, "withheld or repeated");

        onEvents(events -> without(events, 0));
        assertFailsWithoutOutput("The first event is not an \"open\" event");
    }

    @Test
    void detectsAMovedOrRepeatedEvent() {
        onEvents(events -> List.of(events.get(0), events.get(2), events.get(1)));
        assertFailsWithoutOutput("not the next");

        onEvents(events -> List.of(events.get(0), events.get(1), events.get(1)));
        assertFails(follow(), "not the next");
    }

    @Test
    void rejectsAForgedStream() {
        ObjectNode open =
                Client.thought("lie")
                        .put("event", "open")
                        .put("epoch", "lie")
                        .put("sequence", 0)
                        .put("final", false)
                        .put("status", 200)
                        .put("lost", false);
        onStream(request -> Attacker.stream(List.of(event("open", 0, sealedToTheCaller(open)))));
        assertFailsWithoutOutput("answers another request");

        open.put("request_id", "0".repeat(32));
        onStream(
                request -> {
                    open.put("request_hash", Client.sha256(sealedOf(request)));
                    return Attacker.stream(List.of(event("open", 0, sealedToTheCaller(open))));
                });
        assertFailsWithoutOutput("answers another request");

        onStream(
                request ->
                        Attacker.stream(
                                List.of(event("open", 0, open.toString().getBytes(UTF_8)))));
        assertFailsWithoutOutput("event");
    }

    @Test
    void rejectsAnEventOfAnotherStream() {
        AtomicReference<List<String>> old = new AtomicReference<>();
        onEvents(
                events -> {
                    old.set(events);
                    return events;
                });
        follow();

        onStream(request -> Attacker.stream(old.get()));
        assertFailsWithoutOutput("answers another request");

        onEvents(events -> List.of(events.get(0), old.get().get(1)));
        assertFailsWithoutOutput("answers another request");
    }

    @Test
    void rejectsAStreamOfAnotherCaller() throws Exception {
        Client other = Client.stranger(door);
        ObjectNode asked = other.request("").put("to", attacker.url() + STREAM);
        byte[] sealed = other.sealed(asked);
        onStream(
                request ->
                        Attacker.stream(
                                attacker.events(
                                        request.with("authorization", "Bearer " + other.token())
                                                .with("sealed-envelope", base64url(sealed)),
                                        1)));

        assertFailsWithoutOutput("event");
    }

    @Test
    void detectsAChangedLastEventId() {
        onStream(request -> forwarded(request.with("last-event-id", "2"), 2));

        assertFailsWithoutOutput("does not begin at the requested place");
    }

    @Test
    void acceptsAnEnvelopeOnce() {
        AtomicReference<Answer> second = new AtomicReference<>();
        onStream(
                request -> {
                    Answer first = forwarded(request, 1);
                    second.set(attacker.forward(request));
                    return first;
                });

        follow();

        assertThat(second.get().status()).isEqualTo(409);
        JsonNode refusal = Client.open(second.get().body(), caller.key());
        assertThat(refusal.at("/error/code").textValue()).isEqualTo("replayed");
    }

    @Test
    void rejectsACopiedEnvelopeUnderAnotherTokenOrAtAnotherRoute() {
        String own = door.issuer().token("attacker");
        List<Answer> answers = new ArrayList<>();
        onStream(
                request -> {
                    answers.add(attacker.forward(request.with("authorization", "Bearer " + own)));
                    answers.add(
                            attacker.forward(
                                    request.to("POST", TOOL)
                                            .with("content-type", "application/age")
                                            .withBody(sealedOf(request))));
                    return forwarded(request, THOUGHTS + 1);
                });

        CommandRun run = follow();

        assertThat(answers).extracting(Answer::status).containsExactly(400, 400);
        assertThat(run.text().lines()).hasSize(THOUGHTS);
    }

    @Test
    void aStolenTokenFollowsNoThoughtsOfItsCaller() throws Exception {
        AgeKey own = AgeKey.generate();
        ObjectNode request =
                client.request("")
                        .put("to", attacker.url() + STREAM)
                        .put("reply_to", own.recipient());
        Request asking =
                new Request(
                                "GET",
                                STREAM,
                                Map.of("authorization", "Bearer " + client.token()),
                                new byte[0])
                        .with("sealed-envelope", base64url(client.sealed(request)));

        List<String> events = attacker.events(asking, 1);

        JsonNode open = Client.open(data(events.getFirst()), own);
        assertThat(open.get("event").textValue()).isEqualTo("open");
        assertThat(open.get("epoch").textValue()).isEmpty();
        assertThat(open.get("sequence").intValue()).isZero();
    }

    @Test
    void rejectsAnUnsealedRefusal() {
        onStream(request -> new Answer(403, "application/problem+json", "{}".getBytes(UTF_8)));

        assertFailsWithoutOutput("not sealed");
    }

    private void onStream(Attacker.Plan plan) {
        attacker.plans(
                request ->
                        request.path().equals(STREAM)
                                ? plan.answer(request)
                                : attacker.forward(request));
    }

    /** Changes the first events of the gateway's stream, and ends the stream after them. */
    private void onEvents(UnaryOperator<List<String>> change) {
        onStream(request -> Attacker.stream(change.apply(attacker.events(request, THOUGHTS + 1))));
    }

    private Answer forwarded(Request request, int events) throws Exception {
        return Attacker.stream(attacker.events(request, events));
    }

    private static List<String> without(List<String> events, int at) {
        List<String> rest = new ArrayList<>(events);
        rest.remove(at);
        return rest;
    }

    private static String event(String name, long id, byte[] sealed) {
        return "event: %s\nid: %d\ndata: %s\n\n"
                .formatted(name, id, Base64.getEncoder().encodeToString(sealed));
    }

    private static byte[] data(String event) {
        return Base64.getDecoder()
                .decode(
                        event.lines()
                                .filter(l -> l.startsWith("data: "))
                                .findFirst()
                                .get()
                                .substring(6));
    }

    private byte[] sealedToTheCaller(ObjectNode event) {
        return Client.sealed(event, caller.key().recipient(), Encoding.BINARY);
    }

    private static byte[] sealedOf(Request request) {
        return Base64.getUrlDecoder().decode(request.headers().get("sealed-envelope"));
    }

    private static String base64url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private CommandRun follow() {
        return caller.through(attacker, door, "follow", "");
    }

    private void assertFailsWithoutOutput(String why) {
        CommandRun run = follow();
        assertThat(run.output()).isEmpty();
        assertFails(run, why);
    }

    private static void assertFails(CommandRun run, String why) {
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.errors()).contains(why).doesNotContain("lie");
    }
}

package services.chorus.seqthink.sealing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static services.chorus.seqthink.sealing.ProtocolVectors.JSON;
import static services.chorus.seqthink.sealing.ProtocolVectors.NOW;
import static services.chorus.seqthink.sealing.ProtocolVectors.URL;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import services.chorus.seqthink.age.AgeException;
import services.chorus.seqthink.age.Armor;
import services.chorus.seqthink.age.Encoding;
import services.chorus.seqthink.age.HybridIdentity;
import services.chorus.seqthink.testing.AgeKey;
import services.chorus.seqthink.testing.Client;
import services.chorus.seqthink.testing.HandMadeJws;

/**
 * Writes new vectors, composed by hand from the protocol specification and sealed with new keys:
 * {@code ./mvnw test -Dtest=ProtocolVectorsWriter -Dvectors.write=true}.
 */
@EnabledIfSystemProperty(named = "vectors.write", matches = "true")
class ProtocolVectorsWriter {

    private static final String TOKEN = "eyJhbGciOiJSUzI1NiJ9.e30.c2lnbmF0dXJl";
    private static final String ID = "0f3c5a7e9b1d2f4a6c8e0a2b4d6f8091";

    private final AgeKey door = AgeKey.generate();
    private final AgeKey postQuantumDoor = new AgeKey(HybridIdentity.generate());
    private final AgeKey caller = AgeKey.generate();
    private final AgeKey stranger = AgeKey.generate();

    @Test
    void writeRequests() throws IOException {
        ObjectNode file = JSON.createObjectNode().put("url", URL).put("now", NOW);
        file.put("replay_window", 60).put("token", TOKEN);
        file.putArray("door_identities").add(door.secret()).add(postQuantumDoor.secret());
        file.put("caller_identity", caller.secret()).put("caller_recipient", caller.recipient());
        ArrayNode cases = file.putArray("cases");

        accepted(cases, "a good envelope", sealed(request(r -> {})));
        accepted(cases, "armored", sealed(request(r -> {}), door, Encoding.ARMORED));
        accepted(
                cases,
                "sealed to the post-quantum recipient",
                sealed(request(r -> {}), postQuantumDoor, Encoding.BINARY));
        accepted(cases, "a session", sealed(request(r -> r.put("session", "second"))));
        accepted(cases, "a fraction of a second", with("issued_at", NOW + ".25"));
        accepted(cases, "the window's early end", with("issued_at", NOW - 60 + ""));
        accepted(cases, "the window's late end", with("issued_at", NOW + 60 + ""));
        accepted(
                cases,
                "no reply_to, but the token's age_recipient",
                sealed(request(r -> r.remove("reply_to"))),
                c -> c.put("age_recipient", caller.recipient()));

        refused(cases, "older than the window", with("issued_at", NOW - 61 + ""), "stale-request");
        refused(cases, "newer than the window", with("issued_at", NOW + 61 + ""), "stale-request");
        refused(cases, "no issued_at", without("issued_at"), "bad-envelope");
        refused(cases, "issued_at is text", with("issued_at", "\"" + NOW + "\""), "bad-envelope");
        refused(cases, "an empty session", with("session", "\"\""), "bad-envelope");
        refused(
                cases,
                "a session of 65 characters",
                with("session", "\"" + "s".repeat(65) + "\""),
                "bad-envelope");
        cases.add(
                made("another reply_to than the token's age_recipient", sealed(request(r -> {})))
                        .put("age_recipient", stranger.recipient())
                        .put("expect", "refused")
                        .put("status", 403)
                        .put("code", "reply-to-mismatch"));

        byte[] good = sealed(request(r -> {}));
        malformed(cases, "another token", with("ath", "\"" + Client.sha256(new byte[1]) + "\""));
        malformed(cases, "no ath", without("ath"));
        malformed(cases, "another route", with("to", "\"" + URL + "/mcp/sse\""));
        malformed(cases, "another door", with("to", "\"https://other.example/mcp/tool\""));
        malformed(cases, "no request_id", without("request_id"));
        malformed(cases, "a request_id of 21 characters", with("request_id", quoted(21)));
        malformed(cases, "a request_id of 129 characters", with("request_id", quoted(129)));
        malformed(cases, "a reply_to that is no recipient", with("reply_to", "\"age1none\""));
        malformed(cases, "no reply_to, and none in the token", without("reply_to"));
        malformed(
                cases,
                "a member twice",
                sealed(request(r -> {}).toString().replaceFirst("\\{", "{\"tool\":\"other\",")));
        malformed(cases, "no JSON object", sealed("[" + request(r -> {}) + "]"));
        malformed(cases, "no JSON", sealed("thought"));
        malformed(cases, "nothing", new byte[0]);
        malformed(cases, "cut short", Arrays.copyOf(good, good.length - 1));
        malformed(cases, "something after the end", Arrays.copyOf(good, good.length + 1));
        malformed(cases, "a changed payload", changed(good, good.length - 1));
        int mac = new String(good, ISO_8859_1).indexOf("\n--- ") + 5;
        malformed(cases, "a changed header MAC", changed(good, mac));
        malformed(cases, "armored twice", Armor.armor(Armor.armor(good)));
        unanswerable(
                cases,
                "sealed to another door",
                sealed(request(r -> {}), stranger, Encoding.BINARY),
                422,
                "key-config");
        unanswerable(
                cases,
                "no envelope",
                sealed("{\"tool\":\"t\",\"payload\":{}}"),
                400,
                "envelope-required");
        ProtocolVectors.write("requests.json", file);
    }

    @Test
    void writeReplies() throws IOException {
        ObjectNode file = callersFile();
        String hash = Client.sha256("what was sent".getBytes(UTF_8));
        file.put("request_id", ID).put("request_hash", hash);
        ArrayNode cases = file.putArray("cases");

        reply(cases, "a result", reply(r -> {}, hash), "genuine");
        reply(
                cases,
                "an error",
                reply(
                        r -> {
                            r.remove("result");
                            r.put("status", 403).putObject("error").put("code", "stale-request");
                        },
                        hash),
                "genuine");
        reply(cases, "another request's", reply(r -> r.put("request_id", "f" + ID), hash));
        reply(cases, "no request_id", reply(r -> r.remove("request_id"), hash));
        reply(cases, "to other bytes", reply(r -> {}, Client.sha256(new byte[1])));
        reply(cases, "no request_hash", reply(r -> r.remove("request_hash"), hash));
        reply(cases, "no status", reply(r -> r.remove("status"), hash));
        reply(
                cases,
                "request_id twice",
                sealed(
                        reply(hash)
                                .toString()
                                .replaceFirst("\\{", "{\"request_id\":\"%s\",".formatted(ID)),
                        caller));
        reply(cases, "sealed to another caller", sealed(reply(hash).toString(), stranger));
        reply(cases, "not sealed", reply(hash).toString().getBytes(UTF_8));
        ProtocolVectors.write("replies.json", file);
    }

    @Test
    void writeStreams() throws IOException {
        ObjectNode file = callersFile();
        String hash = Client.sha256("what was sent".getBytes(UTF_8));
        file.put("request_id", ID).put("request_hash", hash);
        ArrayNode cases = file.putArray("cases");
        ObjectNode open = event(hash, "open", "e1", 4).put("status", 200).put("lost", false);
        ObjectNode fifth = thought(hash, 5);
        ObjectNode sixth = thought(hash, 6);
        ObjectNode end = event(hash, "end", "e1", 6).put("final", true).put("reason", "shutdown");

        stream(cases, "a whole stream", false, List.of(open, fifth, sixth, end), "ottE");
        ObjectNode began = event(hash, "open", "", 0).put("status", 200).put("lost", false);
        stream(
                cases,
                "a log that begins while it is followed",
                true,
                List.of(began, thought(hash, 1)),
                "ot");
        ObjectNode resumed = open.deepCopy().put("after", 4);
        stream(cases, "resumed", true, List.of(resumed, fifth), "ot", 4);
        stream(
                cases,
                "resumed where some are lost",
                true,
                List.of(resumed.deepCopy().put("after", 2).put("lost", true), fifth),
                "ot",
                2);
        stream(cases, "cut off", true, List.of(open, fifth), "ot");
        stream(cases, "one held back", true, List.of(open, sixth), "oF");
        stream(cases, "swapped", true, List.of(open, sixth, fifth), "oFF");
        stream(cases, "sent again", true, List.of(open, fifth, fifth), "otF");
        stream(cases, "no open", true, List.of(fifth), "F");
        stream(cases, "opened twice", true, List.of(open, open), "oF");
        stream(cases, "one held back before the end", true, List.of(open, fifth, end), "otF");
        stream(cases, "more after the end", true, List.of(open, fifth, sixth, end, fifth), "ottEF");
        stream(
                cases,
                "begun further on than asked",
                true,
                List.of(open.deepCopy().put("after", 3)),
                "F",
                3);
        stream(cases, "resumed though nobody asked", true, List.of(resumed), "F");
        stream(
                cases,
                "a thought of another stream",
                true,
                List.of(open, fifth.deepCopy().put("request_id", "f" + ID)),
                "oF");
        stream(
                cases,
                "a thought of another request's bytes",
                true,
                List.of(open, fifth.deepCopy().put("request_hash", Client.sha256(new byte[1]))),
                "oF");
        stream(
                cases,
                "a thought of another epoch",
                true,
                List.of(open, fifth.deepCopy().put("epoch", "e2")),
                "oF");
        ProtocolVectors.write("streams.json", file);
    }

    @Test
    void writeRecipients() throws IOException {
        HandMadeJws signer = HandMadeJws.generate();
        HandMadeJws other = HandMadeJws.generate();
        ObjectNode file = JSON.createObjectNode().put("url", URL).put("now", NOW);
        file.put("fingerprint", signer.fingerprint()).put("known_version", 3);
        file.put("known_recipient", door.recipient());
        ArrayNode cases = file.putArray("cases");
        ObjectNode good = document();

        document(cases, "as known", signer.sign(good.toString()), "trusted");
        ObjectNode next = good.deepCopy().put("version", 4);
        next.putArray("recipients").add(stranger.recipient());
        document(cases, "a higher version", signer.sign(next.toString()), "trusted");
        document(cases, "another key's", other.sign(next.toString()), "refused");
        document(
                cases,
                "signed by another key than it shows",
                other.sign(signer.header(), next.toString()),
                "refused");
        document(
                cases,
                "shows another key than its kid",
                other.sign(
                        other.header().replace(other.fingerprint(), signer.fingerprint()),
                        next.toString()),
                "refused");
        document(
                cases,
                "alg none",
                other.sign(signer.header().replace("EdDSA", "none"), next.toString()),
                "refused");
        document(
                cases,
                "another typ",
                signer.sign(signer.header().replace("age-recipients", "JWT"), next.toString()),
                "refused");
        document(cases, "rolled back", refusedBy(signer, d -> d.put("version", 2)), "refused");
        document(
                cases,
                "the same version with another recipient",
                refusedBy(signer, d -> d.putArray("recipients").add(stranger.recipient())),
                "refused");
        document(cases, "ended", refusedBy(signer, d -> d.put("until", NOW)), "refused");
        document(cases, "yet to come", refusedBy(signer, d -> d.put("since", NOW + 61)), "refused");
        document(
                cases,
                "another door's",
                refusedBy(signer, d -> d.put("url", "https://other.example")),
                "refused");
        document(
                cases,
                "no recipient",
                refusedBy(signer, d -> d.put("version", 4).putArray("recipients")),
                "refused");
        ProtocolVectors.write("recipients.json", file);
    }

    // --- requests ---

    private ObjectNode request(Consumer<ObjectNode> change) {
        ObjectNode request =
                JSON.createObjectNode()
                        .put("request_id", ID)
                        .put("issued_at", NOW)
                        .put("ath", Client.sha256(TOKEN.getBytes(UTF_8)))
                        .put("to", URL + "/mcp/tool")
                        .put("reply_to", caller.recipient())
                        .put("tool", "sequentialthinking");
        request.set("payload", Client.thought("A thought."));
        change.accept(request);
        return request;
    }

    private byte[] with(String member, String json) throws IOException {
        ObjectNode request = request(r -> {});
        request.set(member, JSON.readTree(json));
        return sealed(request);
    }

    private byte[] without(String member) {
        return sealed(request(r -> r.remove(member)));
    }

    private byte[] sealed(ObjectNode request) {
        return sealed(request, door, Encoding.BINARY);
    }

    private byte[] sealed(ObjectNode request, AgeKey to, Encoding encoding) {
        return Client.sealed(request, to.recipient(), encoding);
    }

    private byte[] sealed(String plaintext) {
        return sealed(plaintext, door);
    }

    private static byte[] sealed(String plaintext, AgeKey to) {
        return Client.sealed(plaintext.getBytes(UTF_8), to.recipient(), Encoding.BINARY);
    }

    private static byte[] changed(byte[] sealed, int at) {
        byte[] changed = sealed.clone();
        changed[at] ^= 1;
        return changed;
    }

    private static String quoted(int length) {
        return "\"" + "a".repeat(length) + "\"";
    }

    private static ObjectNode made(String name, byte[] body) {
        return JSON.createObjectNode().put("name", name).put("body", base64(body));
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static void accepted(ArrayNode cases, String name, byte[] body) throws AgeException {
        accepted(cases, name, body, c -> {});
    }

    private static void accepted(
            ArrayNode cases, String name, byte[] body, Consumer<ObjectNode> change)
            throws AgeException {
        byte[] binary = Armor.isArmored(body) ? Armor.dearmor(body) : body;
        ObjectNode made =
                made(name, body)
                        .put("expect", "accepted")
                        .put("request_id", ID)
                        .put("request_hash", Client.sha256(binary));
        change.accept(made);
        cases.add(made);
    }

    private static void refused(ArrayNode cases, String name, byte[] body, String code) {
        int status = code.equals("bad-envelope") ? 400 : 403;
        cases.add(
                made(name, body).put("expect", "refused").put("status", status).put("code", code));
    }

    private static void malformed(ArrayNode cases, String name, byte[] body) {
        unanswerable(cases, name, body, 400, "malformed");
    }

    private static void unanswerable(
            ArrayNode cases, String name, byte[] body, int status, String code) {
        cases.add(
                made(name, body)
                        .put("expect", "unanswerable")
                        .put("status", status)
                        .put("code", code));
    }

    // --- replies and streams ---

    private ObjectNode callersFile() {
        return JSON.createObjectNode()
                .put("caller_identity", caller.secret())
                .put("caller_recipient", caller.recipient());
    }

    private static ObjectNode reply(String hash) {
        ObjectNode reply =
                JSON.createObjectNode()
                        .put("request_id", ID)
                        .put("request_hash", hash)
                        .put("status", 200);
        reply.putObject("result").put("thoughtNumber", 1);
        return reply;
    }

    private byte[] reply(Consumer<ObjectNode> change, String hash) {
        ObjectNode reply = reply(hash);
        change.accept(reply);
        return sealed(reply, caller, Encoding.BINARY);
    }

    private static void reply(ArrayNode cases, String name, byte[] body) {
        reply(cases, name, body, "foreign");
    }

    private static void reply(ArrayNode cases, String name, byte[] body, String expect) {
        cases.add(made(name, body).put("expect", expect));
    }

    private static ObjectNode event(String hash, String name, String epoch, long sequence) {
        return JSON.createObjectNode()
                .put("request_id", ID)
                .put("request_hash", hash)
                .put("event", name)
                .put("epoch", epoch)
                .put("sequence", sequence)
                .put("final", false);
    }

    private static ObjectNode thought(String hash, long sequence) {
        ObjectNode thought = event(hash, "thought", "e1", sequence).put("tool", "t").put("at", NOW);
        thought.putObject("payload").put("thoughtNumber", sequence);
        thought.putObject("result").put("thoughtHistoryLength", sequence);
        return thought;
    }

    private void stream(
            ArrayNode cases,
            String name,
            boolean truncated,
            List<ObjectNode> events,
            String outcomes) {
        ObjectNode made = cases.addObject().put("name", name).put("truncated", truncated);
        ArrayNode sealed = made.putArray("events");
        events.forEach(event -> sealed.add(base64(sealed(event, caller, Encoding.BINARY))));
        ArrayNode expect = made.putArray("expect");
        outcomes.chars().forEach(letter -> expect.add(ProtocolVectors.outcome((char) letter)));
    }

    private void stream(
            ArrayNode cases,
            String name,
            boolean truncated,
            List<ObjectNode> events,
            String outcomes,
            long after) {
        stream(cases, name, truncated, events, outcomes);
        ObjectNode made = (ObjectNode) cases.get(cases.size() - 1);
        made.putObject("after").put("epoch", "e1").put("sequence", after);
    }

    // --- recipients ---

    private ObjectNode document() {
        ObjectNode document =
                JSON.createObjectNode()
                        .put("url", URL)
                        .put("version", 3)
                        .put("since", NOW)
                        .put("until", NOW + 3600);
        document.putArray("recipients").add(door.recipient());
        document.putArray("opens");
        return document;
    }

    private String refusedBy(HandMadeJws signer, Consumer<ObjectNode> change) {
        ObjectNode document = document();
        change.accept(document);
        return signer.sign(document.toString());
    }

    private static void document(ArrayNode cases, String name, String jws, String expect) {
        cases.addObject().put("name", name).put("jws", jws).put("expect", expect);
    }
}

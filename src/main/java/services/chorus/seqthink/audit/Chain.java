package services.chorus.seqthink.audit;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import services.chorus.seqthink.hash.Sha256;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.signing.Ed25519Key;

/**
 * Makes the lines of a chain, each with the number and the hash of the line before it. A line is
 * its record as {@link StrictJson#write} writes it, and a line break. For one thread at a time.
 */
final class Chain {

    /** What every record begins with, so that it is known among other lines. */
    static final String MARK = "audit";

    static final int FORMAT = 1;

    // RFC 3339
    private static final DateTimeFormatter MILLISECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private static final int MOST_SCOPES = 16;

    private final String replica;
    private final Optional<Ed25519Key> key;
    private final ToolNaming naming;
    private Head head;

    Chain(Head last, String replica, Optional<Ed25519Key> key, ToolNaming naming) {
        this.head = last;
        this.replica = Bounded.text(replica);
        this.key = key;
        this.naming = naming;
    }

    /** The last line that was made. */
    Head head() {
        return head;
    }

    /** The line that a process begins with. */
    byte[] start(Instant at, String version, Optional<Torn> torn) {
        Head before = head;
        return line(
                at,
                "start",
                record -> {
                    record.put("replica", replica).put("version", version);
                    if (!before.equals(Head.NONE)) {
                        record.put("head", before.toString());
                    }
                    key.ifPresent(signer -> record.put("key", signer.fingerprint()));
                    torn.ifPresent(left -> left.in(record));
                });
    }

    byte[] decision(Decision decision) {
        return line(decision.at(), "decision", record -> describe(decision, record));
    }

    /** How many decisions could not be written since the time given. */
    byte[] lost(Instant at, long count, Instant since) {
        return line(
                at,
                "lost",
                record ->
                        record.put("replica", replica)
                                .put("count", count)
                                .put("since", MILLISECONDS.format(since)));
    }

    /**
     * A line that vouches for all before it, signed where there is a key.
     *
     * @param beside the head of the chain that is kept in a file beside this one
     */
    byte[] checkpoint(Instant at, Optional<Head> beside) {
        return line(
                at,
                "checkpoint",
                record -> {
                    record.put("replica", replica);
                    beside.ifPresent(other -> record.put("file", other.toString()));
                    key.ifPresent(signer -> CheckpointSignature.sign(record, signer));
                });
    }

    /** The line that a process ends with. */
    byte[] stop(Instant at) {
        return line(at, "stop", record -> record.put("replica", replica));
    }

    private void describe(Decision decision, ObjectNode record) {
        record.put("replica", replica);
        record.put("method", decision.method()).put("route", decision.route());
        decision.part().ifPresent(part -> record.put("stream", part.text()));
        decision.bearer().ifPresent(bearer -> describe(bearer, record));
        decision.tool().ifPresent(tool -> naming.name(tool, record));
        decision.requestHash().ifPresent(hash -> record.put("request_hash", hash));
        record.put("outcome", decision.outcome().text());
        decision.status().ifPresent(status -> record.put("status", status));
        decision.inside().ifPresent(status -> record.put("inside", status));
        decision.code().ifPresent(code -> record.put("code", code));
        record.put("ms", decision.took().toMillis()).put("received", decision.received());
        decision.sent().ifPresent(bytes -> record.put("sent", bytes));
    }

    private static void describe(Bearer bearer, ObjectNode record) {
        record.put("iss", Bounded.text(bearer.issuer()));
        record.put(bearer.claim(), Bounded.text(bearer.name()));
        bearer.tokenId().ifPresent(id -> record.put("jti", Bounded.text(id)));
        ArrayNode scopes = record.putArray("scopes");
        bearer.scopes().stream()
                .sorted()
                .limit(MOST_SCOPES)
                .map(Bounded::text)
                .forEach(scopes::add);
    }

    private byte[] line(Instant at, String kind, Consumer<ObjectNode> members) {
        ObjectNode record =
                StrictJson.object()
                        .put(MARK, FORMAT)
                        .put("seq", head.sequence() + 1)
                        .put("prev", head.hash())
                        .put("at", MILLISECONDS.format(at))
                        .put("kind", kind);
        members.accept(record);
        byte[] json = StrictJson.write(record);
        head = new Head(head.sequence() + 1, hash(json));
        byte[] line = Arrays.copyOf(json, json.length + 1);
        line[json.length] = '\n';
        return line;
    }

    /** The hash of a record's line without its line break. */
    static String hash(byte[] json) {
        return Sha256.base64url(json);
    }
}

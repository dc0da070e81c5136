package services.chorus.seqthink.audit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import services.chorus.seqthink.audit.RecordLine.Kind;
import services.chorus.seqthink.audit.Tail.TornLine;
import services.chorus.seqthink.hash.Hmac;
import services.chorus.seqthink.hash.Sha256;
import services.chorus.seqthink.json.StrictBase64;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.json.VisibleText;
import services.chorus.seqthink.signing.Ed25519Key;
import services.chorus.seqthink.signing.Ed25519PublicKey;

/**
 * Makes the lines of a chain. Each record has a number and the hash of the line before it. A line
 * is the record as {@link StrictJson#write} writes it, and a line break. For one thread at a time.
 */
final class RecordChain {

    /** The first member of every record, which tells it from other lines. */
    static final String MARK = "audit";

    static final int FORMAT = 1;

    // RFC 3339
    private static final DateTimeFormatter MILLISECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private static final int MAX_SCOPES = 16;
    private static final int MAX_TEXT = 128;

    private final String replica;
    private final Optional<Ed25519Key> key;
    private final Optional<byte[]> toolKey;
    private final Hmac hmac = new Hmac();
    private ChainHead head;

    /**
     * @param last the record to continue after
     * @param key signs checkpoints
     * @param toolKey if present, tools are written as HMACs under this key, so that a log pipeline
     *     can count the calls of a tool without learning its name
     */
    RecordChain(
            ChainHead last, String replica, Optional<Ed25519Key> key, Optional<byte[]> toolKey) {
        this.head = last;
        this.replica = bounded(replica);
        this.key = key;
        this.toolKey = toolKey;
    }

    /**
     * The key for tools' HMACs: derived from the audit key, whose holder can then compute them, or
     * random.
     */
    static byte[] toolKey(Optional<Ed25519Key> auditKey) {
        if (auditKey.isPresent()) {
            return auditKey.get().deriveKey("seqthink audit tool name");
        }
        byte[] random = new byte[Hmac.SIZE];
        new SecureRandom().nextBytes(random);
        return random;
    }

    ChainHead head() {
        return head;
    }

    byte[] start(Instant at, String version, Optional<TornLine> torn) {
        ObjectNode record = record(at, Kind.START).put("version", version);
        if (!head.equals(ChainHead.NONE)) {
            record.put("head", head.toString());
        }
        key.ifPresent(signer -> record.put("key", signer.fingerprint()));
        torn.ifPresent(line -> line.addTo(record));
        return line(record);
    }

    byte[] event(AuditEvent event) {
        ObjectNode record = record(event.at(), Kind.DECISION);
        record.put("method", event.method()).put("route", event.route());
        event.part().ifPresent(part -> record.put("stream", text(part)));
        event.bearer().ifPresent(bearer -> describe(bearer, record));
        event.tool().ifPresent(tool -> describe(tool, record));
        event.requestHash().ifPresent(hash -> record.put("request_hash", hash));
        record.put("outcome", text(event.outcome()));
        event.status().ifPresent(status -> record.put("status", status));
        event.inside().ifPresent(status -> record.put("inside", status));
        event.code().ifPresent(code -> record.put("code", code));
        record.put("ms", event.took().toMillis()).put("received", event.received());
        event.sent().ifPresent(bytes -> record.put("sent", bytes));
        return line(record);
    }

    /** Says how many events were lost since a time. */
    byte[] lost(Instant at, long count, Instant since) {
        return count(record(at, Kind.LOST), count, since);
    }

    /** Says how many events got no record of their own since a time. */
    byte[] omitted(Instant at, long count, Instant since) {
        return count(record(at, Kind.OMITTED), count, since);
    }

    private byte[] count(ObjectNode record, long count, Instant since) {
        return line(record.put("count", count).put("since", MILLISECONDS.format(since)));
    }

    /**
     * A checkpoint, which is signed if there is a key.
     *
     * @param fileHead the head of the chain in files, if this is another one
     */
    byte[] checkpoint(Instant at, Optional<ChainHead> fileHead) {
        ObjectNode record = record(at, Kind.CHECKPOINT);
        fileHead.ifPresent(other -> record.put("file", other.toString()));
        key.ifPresent(signer -> CheckpointSignature.sign(record, signer));
        return line(record);
    }

    byte[] stop(Instant at) {
        return line(record(at, Kind.STOP));
    }

    private static void describe(AuditEvent.Bearer bearer, ObjectNode record) {
        record.put("iss", bounded(bearer.issuer()));
        record.put(bearer.claim(), bounded(bearer.name()));
        bearer.tokenId().ifPresent(id -> record.put("jti", bounded(id)));
        ArrayNode scopes = record.putArray("scopes");
        bearer.scopes().stream()
                .sorted()
                .limit(MAX_SCOPES)
                .map(RecordChain::bounded)
                .forEach(scopes::add);
    }

    private void describe(String tool, ObjectNode record) {
        if (toolKey.isPresent()) {
            byte[] mac = hmac.mac(toolKey.get(), tool.getBytes(UTF_8));
            record.put("tool_hmac", StrictBase64.encode(mac));
        } else {
            record.put("tool", bounded(tool));
        }
    }

    private ObjectNode record(Instant at, Kind kind) {
        return StrictJson.object()
                .put(MARK, FORMAT)
                .put("seq", head.sequence() + 1)
                .put("prev", head.hash())
                .put("at", MILLISECONDS.format(at))
                .put("kind", text(kind))
                .put("replica", replica);
    }

    private byte[] line(ObjectNode record) {
        byte[] json = StrictJson.write(record);
        head = new ChainHead(head.sequence() + 1, Sha256.base64url(json));
        byte[] line = Arrays.copyOf(json, json.length + 1);
        line[json.length] = '\n';
        return line;
    }

    /** The text of a constant in a record, such as {@code decision}. */
    static String text(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** Cuts a text from outside to 128 characters, marks the cut, and shows what is left. */
    private static String bounded(String text) {
        String cut = text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT - 1) + '\u2026';
        return VisibleText.inOneLine(cut);
    }

    /**
     * A checkpoint's signature: Ed25519 over a label and the record without its last member, {@code
     * signature}. The record contains the hash of the line before, so it covers the whole chain.
     */
    static final class CheckpointSignature {

        /** Domain separation from other signatures under the same key. */
        private static final byte[] LABEL = "seqthink audit checkpoint\n".getBytes(US_ASCII);

        private static final String MEMBER = "signature";

        private CheckpointSignature() {}

        static void sign(ObjectNode record, Ed25519Key key) {
            record.put("key", key.fingerprint());
            record.put(MEMBER, StrictBase64.encode(key.sign(signed(record))));
        }

        /** Whether the record's signature is valid; empty when it names none of the keys. */
        static Optional<Boolean> isByOneOf(List<Ed25519PublicKey> keys, ObjectNode record) {
            String fingerprint = record.path("key").asText();
            ObjectNode unsigned = record.deepCopy();
            unsigned.remove(MEMBER);
            byte[] signature = StrictBase64.decode(record.path(MEMBER)).orElse(new byte[0]);
            return keys.stream()
                    .filter(key -> key.fingerprint().equals(fingerprint))
                    .findFirst()
                    .map(key -> key.verifies(signed(unsigned), signature));
        }

        private static byte[] signed(ObjectNode record) {
            byte[] json = StrictJson.write(record);
            return ByteBuffer.allocate(LABEL.length + json.length).put(LABEL).put(json).array();
        }
    }
}

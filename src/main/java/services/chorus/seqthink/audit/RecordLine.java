package services.chorus.seqthink.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import services.chorus.seqthink.hash.Sha256;
import services.chorus.seqthink.json.StrictJson;

/**
 * A record that was read.
 *
 * @param head its number and hash
 * @param previous the hash of the line before, as the record states it
 * @param record all members
 */
record RecordLine(ChainHead head, String previous, Kind kind, ObjectNode record) {

    enum Kind {
        START,
        DECISION,
        LOST,
        OMITTED,
        CHECKPOINT,
        STOP;

        private static Optional<Kind> of(JsonNode text) {
            return Stream.of(values())
                    .filter(kind -> RecordChain.text(kind).equals(text.textValue()))
                    .findFirst();
        }
    }

    /** Parses a line without its line break; empty unless it is a record exactly as written. */
    static Optional<RecordLine> read(byte[] line) {
        return StrictJson.parseObject(line)
                .filter(record -> isRecord(record) && Arrays.equals(StrictJson.write(record), line))
                .flatMap(
                        record -> Kind.of(record.path("kind")).map(kind -> of(record, kind, line)));
    }

    long sequence() {
        return head.sequence();
    }

    private static RecordLine of(ObjectNode record, Kind kind, byte[] line) {
        ChainHead head = new ChainHead(record.get("seq").longValue(), Sha256.base64url(line));
        return new RecordLine(head, record.get("prev").textValue(), kind, record);
    }

    private static boolean isRecord(ObjectNode record) {
        JsonNode sequence = record.path("seq");
        JsonNode previous = record.path("prev");
        return record.path(RecordChain.MARK).equals(IntNode.valueOf(RecordChain.FORMAT))
                && sequence.isIntegralNumber()
                && sequence.canConvertToLong()
                && sequence.longValue() > 0
                && previous.isTextual()
                && ChainHead.isHash(previous.textValue())
                && record.path("at").isTextual();
    }
}

package services.chorus.seqthink.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import services.chorus.seqthink.json.StrictJson;

/**
 * A line that was read back.
 *
 * @param head its number and hash
 * @param previous the hash that it gives of the line before
 * @param kind what kind of record it is
 * @param record all of it
 */
record RecordLine(Head head, String previous, String kind, ObjectNode record) {

    private static final Set<String> KINDS =
            Set.of("start", "decision", "lost", "checkpoint", "stop");

    /** Reads a line without its line break; empty unless it is a record as we write them. */
    static Optional<RecordLine> read(byte[] line) {
        return StrictJson.parseObject(line)
                .filter(RecordLine::isRecord)
                .filter(record -> Arrays.equals(StrictJson.write(record), line))
                .map(record -> of(record, line));
    }

    long sequence() {
        return head.sequence();
    }

    boolean is(String wanted) {
        return kind.equals(wanted);
    }

    private static RecordLine of(ObjectNode record, byte[] line) {
        return new RecordLine(
                new Head(record.get("seq").longValue(), Chain.hash(line)),
                record.get("prev").textValue(),
                record.get("kind").textValue(),
                record);
    }

    private static boolean isRecord(ObjectNode record) {
        JsonNode sequence = record.path("seq");
        return record.path(Chain.MARK).isInt()
                && record.path(Chain.MARK).intValue() == Chain.FORMAT
                && sequence.isIntegralNumber()
                && sequence.canConvertToLong()
                && sequence.longValue() > 0
                && record.path("prev").isTextual()
                && Head.isHash(record.path("prev").textValue())
                && record.path("at").isTextual()
                && record.path("kind").isTextual()
                && KINDS.contains(record.path("kind").textValue());
    }
}

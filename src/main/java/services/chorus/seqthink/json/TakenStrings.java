package services.chorus.seqthink.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A document without the content of its long strings, which Jackson reads one character after the
 * other. Jackson reads the rest, with an empty string in place of each, so what it rejects stays
 * rejected. A string is taken only if it is certainly valid and has no escape other than those of
 * two characters; Jackson reads all others, and all names of members.
 *
 * @param rest the document with empty strings
 * @param taken the long strings, by their place among the strings that are values
 */
record TakenStrings(byte[] rest, Map<Integer, String> taken) {

    /** What each escape of two characters stands for (RFC 8259 section 7); 0 for no escape. */
    private static final byte[] ESCAPED = new byte[128];

    static {
        String escapes = "\"\\/bfnrt";
        String values = "\"\\/\b\f\n\r\t";
        for (int i = 0; i < escapes.length(); i++) {
            ESCAPED[escapes.charAt(i)] = (byte) values.charAt(i);
        }
    }

    /**
     * Takes out the strings with a length in bytes within these limits. Accepts any bytes: up to
     * the first one that is not JSON, strings begin and end where Jackson finds them to.
     */
    static TakenStrings of(byte[] json, int shortest, int longest) {
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        Map<Integer, String> taken = new HashMap<>();
        int copied = 0;
        int values = 0;
        for (int start = quote(json, 0); start < json.length; ) {
            int end = end(json, start + 1);
            if (!isName(json, end + 1)) {
                int length = end - start - 1;
                Optional<String> text =
                        length < shortest || length > longest || end >= json.length
                                ? Optional.empty()
                                : text(json, start + 1, end);
                if (text.isPresent()) {
                    rest.write(json, copied, start + 1 - copied);
                    copied = end;
                    taken.put(values, text.get());
                }
                values++;
            }
            start = quote(json, end + 1);
        }
        rest.write(json, copied, json.length - copied);
        return new TakenStrings(rest.toByteArray(), taken);
    }

    /** Creates the nodes of one tree, in the order of the document. */
    JsonNodeFactory nodes() {
        return new Nodes(taken);
    }

    /** Where the next quote is; the length if there is none. */
    private static int quote(byte[] json, int from) {
        int at = from;
        while (at < json.length && json[at] != '"') {
            at++;
        }
        return at;
    }

    /** Where the quote at the end of a string is; the length if a string does not end. */
    private static int end(byte[] json, int from) {
        int at = SpecialBytes.next(json, from, json.length);
        while (at < json.length && json[at] != '"') {
            at = SpecialBytes.next(json, json[at] == '\\' ? at + 2 : at + 1, json.length);
        }
        return Math.min(at, json.length);
    }

    private static boolean isName(byte[] json, int from) {
        int at = from;
        while (at < json.length
                && (json[at] == ' ' || json[at] == '\t' || json[at] == '\r' || json[at] == '\n')) {
            at++;
        }
        return at < json.length && json[at] == ':';
    }

    /** The text of a string; empty when it must be left to Jackson. */
    private static Optional<String> text(byte[] json, int from, int end) {
        byte[] plain = new byte[end - from];
        int length = 0;
        for (int at = from; at < end; ) {
            int special = SpecialBytes.next(json, at, end);
            System.arraycopy(json, at, plain, length, special - at);
            length += special - at;
            at = special;
            if (special < end) {
                byte value = json[special] == '\\' ? value(json[special + 1]) : 0;
                if (value == 0) {
                    return Optional.empty();
                }
                plain[length++] = value;
                at += 2;
            }
        }
        // bytes that are not UTF-8 become U+FFFD
        return Optional.of(new String(plain, 0, length, UTF_8))
                .filter(text -> text.indexOf('\ufffd') < 0);
    }

    private static byte value(byte escape) {
        return escape < 0 ? 0 : ESCAPED[escape];
    }

    /** Jackson asks for one text for each string that is a value, and for none besides. */
    private static final class Nodes extends JsonNodeFactory {

        private final transient Map<Integer, String> taken;
        private int values;

        Nodes(Map<Integer, String> taken) {
            this.taken = taken;
        }

        @Override
        public TextNode textNode(String text) {
            return TextNode.valueOf(taken.getOrDefault(values++, text));
        }

        // a tree must not keep this factory: strings added to it later are others

        @Override
        public ObjectNode objectNode() {
            return instance.objectNode();
        }

        @Override
        public ArrayNode arrayNode() {
            return instance.arrayNode();
        }

        @Override
        public ArrayNode arrayNode(int capacity) {
            return instance.arrayNode(capacity);
        }
    }
}

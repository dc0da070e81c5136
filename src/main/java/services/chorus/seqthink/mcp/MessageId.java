package services.chorus.seqthink.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.LongNode;

/**
 * Matches an answer to its request. A string or a whole number: MCP, unlike JSON-RPC, does not
 * allow null.
 *
 * @param value a string node or a whole-number node
 */
public record MessageId(JsonNode value) {

    public MessageId {
        if (!allows(value)) {
            throw new IllegalArgumentException("A message id must be a string or a whole number");
        }
    }

    /** A number as an id, equal to the same number read from a message. */
    public static MessageId of(long number) {
        boolean small = number == (int) number;
        return new MessageId(small ? IntNode.valueOf((int) number) : LongNode.valueOf(number));
    }

    static boolean allows(JsonNode value) {
        return value.isTextual() || value.isIntegralNumber();
    }
}

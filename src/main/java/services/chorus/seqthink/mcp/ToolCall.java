package services.chorus.seqthink.mcp;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * One call of a tool.
 *
 * @param key whose call it is
 * @param tool the tool's name
 * @param arguments what the tool is given
 */
public record ToolCall(HistoryKey key, String tool, ObjectNode arguments) {

    /** Hides the arguments. */
    @Override
    public String toString() {
        return "ToolCall";
    }
}

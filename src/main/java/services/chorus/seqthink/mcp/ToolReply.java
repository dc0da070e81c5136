package services.chorus.seqthink.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/** What a tool said: for the caller's eyes only. */
public sealed interface ToolReply {

    /**
     * The tool did its work.
     *
     * @param value what it made: over MCP the structured content, else an object with the member
     *     {@code content}
     */
    record Result(JsonNode value) implements ToolReply {

        /** Hides the value. */
        @Override
        public String toString() {
            return "Result";
        }
    }

    /**
     * The tool, or the server for it, said no: wrong arguments, no such tool, an error at work.
     *
     * @param message in the tool's own words; empty when it had none
     * @param detail what else it said
     */
    record ToolFailed(String message, Optional<JsonNode> detail) implements ToolReply {

        /** Hides the message. */
        @Override
        public String toString() {
            return "ToolFailed";
        }
    }
}

package services.chorus.seqthink.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/** The reply of a tool, which only the caller may read. */
public sealed interface ToolReply {

    /**
     * The tool succeeded.
     *
     * @param value the structured content, or an object with the member {@code content}
     */
    record Result(JsonNode value) implements ToolReply {

        /** Hides the value. */
        @Override
        public String toString() {
            return "Result";
        }
    }

    /**
     * The tool or the server reported an error, such as wrong arguments or an unknown tool.
     *
     * @param message written by the tool; may be empty
     * @param detail the rest of the error
     */
    record ToolFailed(String message, Optional<JsonNode> detail) implements ToolReply {

        /** Hides the message. */
        @Override
        public String toString() {
            return "ToolFailed";
        }
    }
}

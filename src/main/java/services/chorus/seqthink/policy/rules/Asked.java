package services.chorus.seqthink.policy.rules;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.Optional;

/**
 * What a caller asks for.
 *
 * @param method the JSON-RPC method
 * @param tool the tool's name, where the method calls one
 * @param arguments what the tool is given: the very tree that is passed on
 */
public record Asked(String method, Optional<String> tool, JsonNode arguments) {

    static final String TOOLS_CALL = "tools/call";

    public Asked {
        requireNonNull(method, "method is null");
        requireNonNull(tool, "tool is null");
        requireNonNull(arguments, "arguments is null");
    }

    /** A call of a tool. */
    public static Asked call(String tool, JsonNode arguments) {
        return new Asked(TOOLS_CALL, Optional.of(tool), arguments);
    }

    /** Any other method. */
    public static Asked method(String method) {
        return new Asked(method, Optional.empty(), MissingNode.getInstance());
    }

    /** Hides what came sealed. */
    @Override
    public String toString() {
        return "Asked";
    }
}

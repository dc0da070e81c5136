package services.chorus.seqthink.policy.rules;

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
public record AccessRequest(String method, Optional<String> tool, JsonNode arguments) {

    static final String TOOLS_CALL = "tools/call";

    /** A call of a tool. */
    public static AccessRequest call(String tool, JsonNode arguments) {
        return new AccessRequest(TOOLS_CALL, Optional.of(tool), arguments);
    }

    /** Any other method. */
    public static AccessRequest method(String method) {
        return new AccessRequest(method, Optional.empty(), MissingNode.getInstance());
    }

    /** Hides what came sealed. */
    @Override
    public String toString() {
        return "AccessRequest";
    }
}

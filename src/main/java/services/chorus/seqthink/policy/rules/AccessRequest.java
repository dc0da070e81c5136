package services.chorus.seqthink.policy.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.Optional;

/**
 * The request that the rules decide about.
 *
 * @param method the JSON-RPC method
 * @param tool the name of the called tool
 * @param arguments the tool's arguments, the same tree that is sent upstream
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

    /** Hides the sealed content. */
    @Override
    public String toString() {
        return "AccessRequest";
    }
}

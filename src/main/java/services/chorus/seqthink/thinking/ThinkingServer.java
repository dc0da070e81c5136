package services.chorus.seqthink.thinking;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Optional;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.mcp.Channel;
import services.chorus.seqthink.mcp.ErrorCode;
import services.chorus.seqthink.mcp.Message;
import services.chorus.seqthink.mcp.Message.Failure;
import services.chorus.seqthink.mcp.Message.Request;
import services.chorus.seqthink.mcp.Message.Response;
import services.chorus.seqthink.mcp.MessageStream;
import services.chorus.seqthink.mcp.ProtocolVersion;
import services.chorus.seqthink.mcp.Upstream;
import services.chorus.seqthink.state.History;
import services.chorus.seqthink.state.SharedState;

/**
 * The built-in sequential-thinking MCP server, in this process: one tool, no sessions and no
 * messages of its own. The channel determines the history of a call. Safe for use by several
 * threads.
 */
public final class ThinkingServer implements Upstream {

    private static final SharedState.Limits LIMITS =
            new SharedState.Limits(1_000, 2 << 20, Duration.ofHours(24));

    private final SequentialThinking tool;

    /**
     * @param state stores the thoughts
     */
    public ThinkingServer(SharedState state) {
        this.tool = new SequentialThinking(state, LIMITS);
    }

    @Override
    public Channel channel(History history) {
        return message ->
                MessageStream.of(
                        message instanceof Request request
                                ? Optional.of(answer(history, request))
                                : Optional.empty());
    }

    /** {@inheritDoc} It always can. */
    @Override
    public void check() {}

    private Message answer(History history, Request request) {
        ObjectNode params = request.params().orElseGet(StrictJson::object);
        return switch (request.method()) {
            case "initialize" -> initialize(request, params);
            case "ping" -> new Response(request.id(), StrictJson.object());
            case "tools/list" -> list(request, params);
            case "tools/call" -> call(history, request, params);
            default -> failure(request, ErrorCode.METHOD_NOT_FOUND, "No such method");
        };
    }

    private static Message initialize(Request request, ObjectNode params) {
        if (!params.path("protocolVersion").isTextual()) {
            return failure(request, ErrorCode.INVALID_PARAMS, "protocolVersion must be a string");
        }
        ProtocolVersion version =
                ProtocolVersion.of(params.get("protocolVersion").textValue())
                        .orElse(ProtocolVersion.LATEST);
        ObjectNode result = StrictJson.object().put("protocolVersion", version.date());
        result.putObject("capabilities").putObject("tools");
        result.putObject("serverInfo").put("name", "seqthink-thinking").put("version", "1");
        return new Response(request.id(), result);
    }

    private static Message list(Request request, ObjectNode params) {
        if (params.has("cursor")) {
            return failure(request, ErrorCode.INVALID_PARAMS, "There is no second page of tools");
        }
        ObjectNode result = StrictJson.object();
        result.putArray("tools").add(ToolDefinition.tree());
        return new Response(request.id(), result);
    }

    private Message call(History history, Request request, ObjectNode params) {
        if (!ToolDefinition.NAME.equals(params.path("name").textValue())) {
            return failure(
                    request,
                    ErrorCode.INVALID_PARAMS,
                    "Unknown tool: the only one is " + ToolDefinition.NAME);
        }
        if (!(params.path("arguments") instanceof ObjectNode arguments)) {
            return failure(request, ErrorCode.INVALID_PARAMS, "arguments must be an object");
        }
        return new Response(request.id(), tool.call(history, arguments));
    }

    private static Message failure(Request request, ErrorCode code, String text) {
        return new Failure(Optional.of(request.id()), code, text);
    }
}

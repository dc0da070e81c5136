package services.chorus.seqthink.thinking;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.mutiny.Uni;
import java.util.Optional;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.mcp.ErrorCode;
import services.chorus.seqthink.mcp.HistoryDigest;
import services.chorus.seqthink.mcp.Message;
import services.chorus.seqthink.mcp.Message.Failure;
import services.chorus.seqthink.mcp.Message.Notification;
import services.chorus.seqthink.mcp.Message.Request;
import services.chorus.seqthink.mcp.Message.Response;
import services.chorus.seqthink.mcp.ProtocolVersion;

/** The server's side of MCP: one tool, no sessions, and nothing to say unasked. */
final class Dialogue {

    private final SequentialThinking tool;

    Dialogue(SequentialThinking tool) {
        this.tool = tool;
    }

    /** The answer to a message; none to what wants none. */
    Uni<Optional<Message>> answer(HistoryDigest history, Message message) {
        return switch (message) {
            case Request request -> answer(history, request).map(Optional::of);
            case Notification told -> Uni.createFrom().item(Optional.empty());
            case Response answer -> Uni.createFrom().item(Optional.empty());
            case Failure failure -> Uni.createFrom().item(Optional.empty());
        };
    }

    private Uni<Message> answer(HistoryDigest history, Request request) {
        ObjectNode params = request.params().orElseGet(StrictJson::object);
        return switch (request.method()) {
            case "initialize" -> now(initialize(request, params));
            case "ping" -> now(new Response(request.id(), StrictJson.object()));
            case "tools/list" -> now(list(request, params));
            case "tools/call" -> call(history, request, params);
            default -> now(failure(request, ErrorCode.METHOD_NOT_FOUND, "No such method"));
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

    private Uni<Message> call(HistoryDigest history, Request request, ObjectNode params) {
        if (!ToolDefinition.NAME.equals(params.path("name").textValue())) {
            return now(
                    failure(
                            request,
                            ErrorCode.INVALID_PARAMS,
                            "Unknown tool: the only one is " + ToolDefinition.NAME));
        }
        if (!(params.path("arguments") instanceof ObjectNode arguments)) {
            return now(failure(request, ErrorCode.INVALID_PARAMS, "arguments must be an object"));
        }
        return tool.call(history, arguments).map(result -> new Response(request.id(), result));
    }

    private static Message failure(Request request, ErrorCode code, String text) {
        return new Failure(Optional.of(request.id()), code, text);
    }

    private static Uni<Message> now(Message answer) {
        return Uni.createFrom().item(answer);
    }
}

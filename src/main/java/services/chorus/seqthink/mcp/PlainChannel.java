package services.chorus.seqthink.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.mcp.Message.Failure;
import services.chorus.seqthink.mcp.Message.Request;
import services.chorus.seqthink.mcp.Message.Response;
import services.chorus.seqthink.mcp.UpstreamException.Kind;

/**
 * The plain contract as a channel: {@code POST /mcp/tool} with {@code {tool, payload}} is answered
 * with {@code {result, error?}}, and {@code GET /health} with 200. It has no sessions, so the
 * server cannot distinguish callers, and no methods but {@code tools/call} and {@code ping}. A
 * result becomes the {@code structuredContent} of a tool's result, an error becomes a {@link
 * Failure}.
 */
final class PlainChannel {

    // JSON-RPC 2.0 section 5.1: the range for servers
    private static final int SERVER_ERROR = -32000;

    private final HttpWire wire;

    PlainChannel(HttpWire wire) {
        this.wire = wire;
    }

    MessageStream send(Message message, Deadline wait)
            throws UpstreamException, InterruptedException {
        return message instanceof Request request
                ? MessageStream.of(Optional.of(answer(request, wait)))
                : MessageStream.NONE;
    }

    private Message answer(Request request, Deadline wait)
            throws UpstreamException, InterruptedException {
        return switch (request.method()) {
            case "tools/call" -> call(request, wait);
            case "ping" -> {
                check(wait);
                yield new Response(request.id(), StrictJson.object());
            }
            default ->
                    new Failure(
                            Optional.of(request.id()),
                            ErrorCode.METHOD_NOT_FOUND,
                            "The plain contract supports tools/call and ping only");
        };
    }

    /** Returns if the server is healthy. */
    void check(Deadline wait) throws UpstreamException, InterruptedException {
        try (HttpExchange exchange = wire.health()) {
            exchange.awaitEnd(wait);
        }
    }

    private Message call(Request request, Deadline wait)
            throws UpstreamException, InterruptedException {
        ObjectNode params = request.params().orElseGet(StrictJson::object);
        ObjectNode call = StrictJson.object();
        call.set("tool", params.path("name"));
        call.set("payload", params.path("arguments"));
        try (HttpExchange exchange = wire.tool(StrictJson.write(call))) {
            return read(
                    request.id(),
                    exchange.next(wait)
                            .flatMap(StrictJson::parse)
                            .orElseThrow(() -> new UpstreamException(Kind.BROKEN_REPLY)));
        } catch (UpstreamException e) {
            throw e.hasStatus(404, 405) ? new UpstreamException(Kind.NOT_SUPPORTED) : e;
        }
    }

    private static Message read(MessageId id, JsonNode reply) throws UpstreamException {
        if (reply.hasNonNull("error")) {
            JsonNode error = reply.get("error");
            String text = error.isTextual() ? error.asText() : error.path("message").asText();
            return new Failure(Optional.of(id), SERVER_ERROR, text, Optional.of(error));
        }
        if (!reply.has("result")) {
            throw new UpstreamException(Kind.BROKEN_REPLY);
        }
        ObjectNode result = StrictJson.object();
        result.set("structuredContent", reply.get("result"));
        return new Response(id, result);
    }
}

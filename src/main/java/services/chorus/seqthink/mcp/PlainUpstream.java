package services.chorus.seqthink.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.mutiny.Uni;
import java.util.Optional;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.mcp.ToolReply.Result;
import services.chorus.seqthink.mcp.ToolReply.ToolFailed;
import services.chorus.seqthink.mcp.UpstreamException.Kind;

/**
 * The plain contract: {@code POST /mcp/tool} with {@code {tool, payload}} is answered with {@code
 * {result, error?}}, and {@code GET /health} with 200. It knows no callers, so it keeps none apart.
 */
final class PlainUpstream implements Upstream {

    private final Wire wire;

    PlainUpstream(Wire wire) {
        this.wire = wire;
    }

    @Override
    public Uni<ToolReply> call(ToolCall call) {
        ObjectNode request = StrictJson.object().put("tool", call.tool());
        request.set("payload", call.arguments());
        return wire.first(
                        new Exchange(StrictJson.write(request)),
                        wire.routes()::tool,
                        reply -> Optional.of(read(reply)))
                .onItem()
                .ifNull()
                .failWith(() -> new UpstreamException(Kind.BROKEN_REPLY))
                .onFailure(RefusedException.class)
                .transform(PlainUpstream::notThere);
    }

    @Override
    public Uni<Void> health() {
        return wire.health();
    }

    private static ToolReply read(byte[] body) {
        JsonNode reply =
                StrictJson.parse(body).orElseThrow(() -> new UpstreamException(Kind.BROKEN_REPLY));
        if (reply.hasNonNull("error")) {
            JsonNode error = reply.get("error");
            String message = error.isTextual() ? error.asText() : error.path("message").asText();
            return new ToolFailed(message, Optional.of(error));
        }
        if (!reply.has("result")) {
            throw new UpstreamException(Kind.BROKEN_REPLY);
        }
        return new Result(reply.get("result"));
    }

    private static Throwable notThere(RefusedException refused) {
        return switch (refused.status()) {
            case 404, 405 -> new NotSpokenException();
            default -> refused;
        };
    }
}

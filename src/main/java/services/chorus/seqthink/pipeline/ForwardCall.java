package services.chorus.seqthink.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.inject.Singleton;
import java.time.Duration;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.mcp.ToolClient;
import services.chorus.seqthink.mcp.ToolReply;
import services.chorus.seqthink.mcp.Upstream;
import services.chorus.seqthink.mcp.UpstreamException;
import services.chorus.seqthink.sealing.Refusal;
import services.chorus.seqthink.telemetry.Count;
import services.chorus.seqthink.telemetry.Meters;
import services.chorus.seqthink.telemetry.Phase;

/** Calls the tool at the MCP server. */
@Singleton
final class ForwardCall {

    private final Upstream upstream;
    private final Meters meters;

    ForwardCall(Upstream upstream, Meters meters) {
        this.upstream = upstream;
        this.meters = meters;
    }

    void call(Exchange exchange) throws Refused, InterruptedException {
        long started = System.nanoTime();
        try {
            ToolClient client = new ToolClient(upstream.channel(exchange.history()));
            String tool = exchange.tool().orElseThrow();
            exchange.completed(outcome(client.call(tool, exchange.arguments())));
        } catch (UpstreamException e) {
            meters.count(Count.UPSTREAM_FAILURES);
            if (e.kind() == UpstreamException.Kind.TIMEOUT) {
                meters.count(Count.UPSTREAM_TIMEOUTS);
            }
            throw Refused.forState(exchange.replyTarget(), refusal(e.kind()));
        } finally {
            meters.phaseTook(Phase.UPSTREAM, Duration.ofNanos(System.nanoTime() - started));
        }
    }

    private static ObjectNode outcome(ToolReply reply) {
        ObjectNode members = StrictJson.object();
        switch (reply) {
            case ToolReply.Result(JsonNode result) -> members.set("result", result);
            case ToolReply.ToolFailed(String message, var detail) -> {
                ObjectNode error =
                        members.putObject(RecordThought.ERROR)
                                .put("code", "tool-error")
                                .put("message", message);
                detail.ifPresent(content -> error.set("detail", content));
            }
        }
        return members;
    }

    private static Refusal refusal(UpstreamException.Kind kind) {
        return switch (kind) {
            case UNREACHABLE ->
                    new Refusal(
                            502,
                            "upstream-unreachable",
                            "The MCP server is unreachable; try again later");
            case TIMEOUT ->
                    new Refusal(
                            504,
                            "upstream-timeout",
                            "The MCP server did not reply in time; the call may still have had an"
                                    + " effect");
            case REPLY_TOO_LARGE ->
                    new Refusal(
                            502,
                            "upstream-reply-too-large",
                            "The MCP server's reply is larger than this gateway accepts");
            case NOT_SUPPORTED, BROKEN_REPLY ->
                    new Refusal(502, "upstream-broken", "The MCP server's reply is not valid");
        };
    }
}

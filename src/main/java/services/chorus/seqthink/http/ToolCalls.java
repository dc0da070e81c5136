package services.chorus.seqthink.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import services.chorus.seqthink.mcp.HistoryKey;
import services.chorus.seqthink.mcp.ToolCall;
import services.chorus.seqthink.mcp.ToolReply;
import services.chorus.seqthink.mcp.Upstream;
import services.chorus.seqthink.mcp.UpstreamException;
import services.chorus.seqthink.sealing.Correspondent;
import services.chorus.seqthink.sealing.Expected;
import services.chorus.seqthink.sealing.HistoryQuota;
import services.chorus.seqthink.sealing.Incoming;
import services.chorus.seqthink.sealing.Refusal;
import services.chorus.seqthink.sealing.Sealing;
import services.chorus.seqthink.telemetry.Count;
import services.chorus.seqthink.telemetry.Meters;
import services.chorus.seqthink.telemetry.Phase;

/** A sealed tool call from its bytes to its sealed answer. */
@Singleton
final class ToolCalls {

    static final String ROUTE = "/mcp/tool";

    private final Sealing sealing;
    private final Admittance admittance;
    private final ToolRules rules;
    private final HistoryQuota quota;
    private final Upstream upstream;
    private final CompletedThoughts thoughts;
    private final SealedReplies replies;
    private final PublicUrl publicUrl;
    private final Meters meters;

    ToolCalls(
            Sealing sealing,
            Admittance admittance,
            ToolRules rules,
            HistoryQuota quota,
            Upstream upstream,
            CompletedThoughts thoughts,
            SealedReplies replies,
            PublicUrl publicUrl,
            Meters meters) {
        this.sealing = sealing;
        this.admittance = admittance;
        this.rules = rules;
        this.quota = quota;
        this.upstream = upstream;
        this.thoughts = thoughts;
        this.replies = replies;
        this.publicUrl = publicUrl;
        this.meters = meters;
    }

    Uni<Response> answer(byte[] body, Presented token, boolean armored, RequestRecord record) {
        Expected expected = token.expectedAt(publicUrl.of(ROUTE));
        Incoming incoming = meters.timed(Phase.OPEN, () -> sealing.open(body, expected));
        record.opened(body, incoming);
        return admittance.admit(
                incoming,
                token,
                armored,
                accepted -> call(accepted.request(), accepted.from(), token, armored, record));
    }

    private Uni<Response> call(
            ObjectNode request,
            Correspondent from,
            Presented token,
            boolean armored,
            RequestRecord record) {
        if (from.binding().isEmpty()) {
            meters.count(Count.BARE_REQUESTS);
        }
        JsonNode tool = request.path("tool");
        JsonNode payload = request.path("payload");
        if (!tool.isTextual() || tool.textValue().isBlank()) {
            return refused(from, "tool", "the name of a tool, as a string", armored);
        }
        record.asksFor(tool.textValue());
        if (!(payload instanceof ObjectNode arguments)) {
            return refused(from, "payload", "the tool's arguments, as an object", armored);
        }
        HistoryKey key = new HistoryKey(token.caller(), from.name(), from.session());
        ToolCall call = new ToolCall(key, tool.textValue(), arguments);
        return rules.refusal(call, token.scopes())
                .map(members -> sealed(from, 403, members, armored))
                .orElseGet(() -> counted(call, from, token, armored));
    }

    private Uni<Response> counted(
            ToolCall call, Correspondent from, Presented token, boolean armored) {
        return admittance.pass(
                quota.admit(token.caller().id(), CompletedThoughts.id(call.key())),
                from,
                armored,
                () -> pass(call, from, armored));
    }

    private Uni<Response> pass(ToolCall call, Correspondent from, boolean armored) {
        long started = System.nanoTime();
        return upstream.call(call)
                .onTermination()
                .invoke(
                        () ->
                                meters.phaseTook(
                                        Phase.UPSTREAM,
                                        Duration.ofNanos(System.nanoTime() - started)))
                // sealing is work for a worker, not for the event loop that brought the reply
                .emitOn(Infrastructure.getDefaultWorkerPool())
                .map(ToolCalls::outcome)
                .chain(outcome -> recorded(call, outcome))
                .emitOn(Infrastructure.getDefaultWorkerPool())
                .map(members -> replies.seal(from, 200, 200, members, armored))
                .onFailure(UpstreamException.class)
                .recoverWithItem(failed -> unanswered(failed, from, armored));
    }

    private Response unanswered(UpstreamException failed, Correspondent from, boolean armored) {
        meters.count(Count.UPSTREAM_FAILURES);
        if (failed.kind() == UpstreamException.Kind.TIMEOUT) {
            meters.count(Count.UPSTREAM_TIMEOUTS);
        }
        return replies.fail(from, UpstreamRefusal.of(failed), armored);
    }

    private Uni<Response> refused(
            Correspondent from, String member, String wanted, boolean armored) {
        Refusal refusal =
                new Refusal(400, "bad-request", "The request's " + member + " must be " + wanted);
        return Uni.createFrom().item(() -> replies.refuse(from, refusal, armored));
    }

    private Uni<Response> sealed(
            Correspondent to, int status, ObjectNode members, boolean armored) {
        return Uni.createFrom().item(() -> replies.seal(to, status, status, members, armored));
    }

    private static ObjectNode outcome(ToolReply reply) {
        ObjectNode members = JsonNodeFactory.instance.objectNode();
        switch (reply) {
            case ToolReply.Result(JsonNode result) -> members.set("result", result);
            case ToolReply.ToolFailed(String message, var detail) -> {
                ObjectNode error = SealedReplies.error(members, "tool-error", message);
                detail.ifPresent(content -> error.set("detail", content));
            }
        }
        return members;
    }

    private Uni<ObjectNode> recorded(ToolCall call, ObjectNode outcome) {
        return thoughts.record(call, outcome)
                .map(streamed -> streamed ? outcome : outcome.put("streamed", false));
    }
}

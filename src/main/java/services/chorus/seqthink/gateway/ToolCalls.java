package services.chorus.seqthink.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.function.Supplier;
import services.chorus.seqthink.mcp.HistoryKey;
import services.chorus.seqthink.mcp.ToolCall;
import services.chorus.seqthink.mcp.ToolReply;
import services.chorus.seqthink.mcp.Upstream;
import services.chorus.seqthink.mcp.UpstreamException;
import services.chorus.seqthink.sealing.Correspondent;
import services.chorus.seqthink.sealing.Expected;
import services.chorus.seqthink.sealing.Incoming;
import services.chorus.seqthink.sealing.Incoming.Cause;
import services.chorus.seqthink.sealing.Refusal;
import services.chorus.seqthink.sealing.Sealing;
import services.chorus.seqthink.telemetry.Meters;
import services.chorus.seqthink.telemetry.Meters.Count;
import services.chorus.seqthink.telemetry.Meters.Phase;

/**
 * A sealed tool call from its bytes to its sealed answer. Once a request has opened and is bound,
 * everything that is said of it is said inside a seal.
 */
@Singleton
final class ToolCalls {

    static final String ROUTE = "/mcp/tool";

    private final Sealing sealing;
    private final Upstream upstream;
    private final PublicUrl publicUrl;
    private final Meters meters;

    ToolCalls(Sealing sealing, Upstream upstream, PublicUrl publicUrl, Meters meters) {
        this.sealing = sealing;
        this.upstream = upstream;
        this.publicUrl = publicUrl;
        this.meters = meters;
    }

    Uni<Response> answer(byte[] body, Presented token, boolean armored) {
        Expected expected =
                new Expected(token.tokenHash(), publicUrl.of(ROUTE), token.ageRecipient());
        Incoming incoming = timed(Phase.OPEN, () -> sealing.open(body, expected));
        return switch (incoming) {
            case Incoming.Unanswerable(Cause cause) -> throw unanswerable(cause);
            case Incoming.Refused(Correspondent from, Refusal refusal) ->
                    Uni.createFrom().item(() -> refuse(from, refusal, armored));
            case Incoming.Accepted(ObjectNode request, Correspondent from) ->
                    call(request, from, token, armored);
        };
    }

    private ProblemException unanswerable(Cause cause) {
        return new ProblemException(
                switch (cause) {
                    case UNREADABLE -> {
                        meters.count(Count.DECRYPT_FAILURES);
                        yield Problem.MALFORMED;
                    }
                    case NO_IDENTITY -> {
                        meters.count(Count.DECRYPT_FAILURES);
                        yield Problem.KEY_CONFIG;
                    }
                    case ENVELOPE_REQUIRED -> Problem.ENVELOPE_REQUIRED;
                    case TOO_LARGE -> Problem.TOO_LARGE;
                });
    }

    private Uni<Response> call(
            ObjectNode request, Correspondent from, Presented token, boolean armored) {
        if (from.binding().isEmpty()) {
            meters.count(Count.BARE_REQUESTS);
        }
        JsonNode tool = request.path("tool");
        JsonNode payload = request.path("payload");
        if (!tool.isTextual() || tool.textValue().isBlank()) {
            return refused(from, "tool", "the name of a tool, as a string", armored);
        }
        if (!(payload instanceof ObjectNode arguments)) {
            return refused(from, "payload", "the tool's arguments, as an object", armored);
        }
        HistoryKey key = new HistoryKey(token.caller(), from.name(), from.session());
        long started = System.nanoTime();
        return upstream.call(new ToolCall(key, tool.textValue(), arguments))
                .onTermination()
                .invoke(() -> meters.phaseTook(Phase.UPSTREAM, since(started)))
                // sealing is work for a worker, not for the event loop that brought the reply
                .emitOn(Infrastructure.getDefaultWorkerPool())
                .map(reply -> reply(from, reply, armored))
                .onFailure(UpstreamException.class)
                .recoverWithItem(failed -> upstreamFailed(from, failed, armored));
    }

    private Uni<Response> refused(
            Correspondent from, String member, String wanted, boolean armored) {
        Refusal refusal =
                new Refusal(400, "bad-request", "The request's " + member + " must be " + wanted);
        return Uni.createFrom().item(() -> refuse(from, refusal, armored));
    }

    private Response reply(Correspondent from, ToolReply reply, boolean armored) {
        ObjectNode members = JsonNodeFactory.instance.objectNode();
        switch (reply) {
            case ToolReply.Result(JsonNode result) -> members.set("result", result);
            case ToolReply.ToolFailed(String message, var detail) -> {
                ObjectNode error = error(members, "tool-error", message);
                detail.ifPresent(content -> error.set("detail", content));
            }
        }
        return sealed(from, 200, 200, members, armored);
    }

    /** Outside a bare 403, whatever the reason inside. */
    private Response refuse(Correspondent from, Refusal refusal, boolean armored) {
        return refuse(from, 403, refusal, armored);
    }

    private Response upstreamFailed(Correspondent from, Throwable failed, boolean armored) {
        Refusal refusal = UpstreamRefusal.of((UpstreamException) failed);
        return refuse(from, refusal.status(), refusal, armored);
    }

    private Response refuse(Correspondent from, int outside, Refusal refusal, boolean armored) {
        ObjectNode members = JsonNodeFactory.instance.objectNode();
        error(members, refusal.code(), refusal.message());
        return sealed(from, outside, refusal.status(), members, armored);
    }

    private static ObjectNode error(ObjectNode members, String code, String message) {
        return members.putObject("error").put("code", code).put("message", message);
    }

    private Response sealed(
            Correspondent to, int outside, int inside, ObjectNode members, boolean armored) {
        byte[] body;
        try {
            body = timed(Phase.SEAL, () -> sealing.seal(to, inside, members, armored));
        } catch (RuntimeException e) {
            meters.count(Count.ENCRYPT_FAILURES);
            throw e;
        }
        return Response.status(outside)
                .type(sealing.mediaType())
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .entity(body)
                .build();
    }

    private <T> T timed(Phase phase, Supplier<T> work) {
        long started = System.nanoTime();
        try {
            return work.get();
        } finally {
            meters.phaseTook(phase, since(started));
        }
    }

    private static Duration since(long started) {
        return Duration.ofNanos(System.nanoTime() - started);
    }
}

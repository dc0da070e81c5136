package services.chorus.seqthink.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import com.github.benmanes.caffeine.cache.Ticker;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.mcp.Message.Failure;
import services.chorus.seqthink.mcp.Message.Response;
import services.chorus.seqthink.mcp.ToolReply.Result;
import services.chorus.seqthink.mcp.ToolReply.ToolFailed;
import services.chorus.seqthink.mcp.UpstreamException.Kind;

/** MCP over Streamable HTTP, with one session for each history. */
// The classes that Caffeine picks for these bounds; Quarkus registers those of other bounds only.
@RegisterForReflection(
        classNames = {
            "com.github.benmanes.caffeine.cache.SSLMSA",
            "com.github.benmanes.caffeine.cache.PSAMS"
        })
final class McpUpstream implements Upstream {

    private static final int MAX_SESSIONS = 10_000;
    private static final Duration SESSION_IDLE = Duration.ofHours(1);

    // No SHA-256 of a real key is all zero.
    private static final HistoryDigest HEALTH = new HistoryDigest(new byte[HistoryDigest.LENGTH]);

    private final McpDialogue dialogue;
    private final Duration deadline;
    private final Cache<HistoryDigest, Uni<McpSession>> sessions;

    /**
     * @param ticker the time that idle sessions are ended by
     */
    McpUpstream(Wire wire, Duration deadline, Optional<TagSecret> tags, Ticker ticker) {
        this.dialogue = new McpDialogue(wire, tags);
        this.deadline = deadline;
        this.sessions =
                Caffeine.newBuilder()
                        .maximumSize(MAX_SESSIONS)
                        .expireAfterAccess(SESSION_IDLE)
                        .ticker(ticker)
                        .removalListener(this::end)
                        .build();
    }

    @Override
    public Uni<ToolReply> call(ToolCall call) {
        ObjectNode params = StrictJson.object().put("name", call.tool());
        params.set("arguments", call.arguments());
        return ask(call.key().digest(), "tools/call", params).map(McpUpstream::read);
    }

    @Override
    public Uni<Void> health() {
        return ask(HEALTH, "ping", StrictJson.object()).replaceWithVoid();
    }

    private Uni<Message> ask(HistoryDigest history, String method, ObjectNode params) {
        return Uni.createFrom()
                .deferred(
                        () -> {
                            Uni<McpSession> known = sessions.getIfPresent(history);
                            Uni<Message> answer = askOnce(history, method, params);
                            return known == null
                                    ? answer
                                    : answer.onFailure(McpUpstream::saysSessionIsGone)
                                            .recoverWithUni(
                                                    () -> {
                                                        sessions.asMap().remove(history, known);
                                                        return askOnce(history, method, params);
                                                    });
                        });
    }

    private Uni<Message> askOnce(HistoryDigest history, String method, ObjectNode params) {
        return sessions.get(history, this::begin)
                .chain(session -> dialogue.ask(history, session, method, params));
    }

    private Uni<McpSession> begin(HistoryDigest history) {
        // One beginning serves all who wait for it, even if the first of them leaves.
        AtomicReference<Uni<McpSession>> begun = new AtomicReference<>();
        begun.set(
                dialogue.initialize(history)
                        .ifNoItem()
                        .after(deadline)
                        .fail()
                        .onFailure()
                        .invoke(() -> sessions.asMap().remove(history, begun.get()))
                        .memoize()
                        .indefinitely());
        return begun.get();
    }

    // 404 by the specification; 400 is what many servers say instead.
    private static boolean saysSessionIsGone(Throwable failure) {
        return failure instanceof RefusedException refused
                && (refused.status() == 404 || refused.status() == 400);
    }

    private void end(HistoryDigest history, Uni<McpSession> session, RemovalCause cause) {
        if (cause.wasEvicted()) {
            session.subscribe().with(open -> dialogue.end(history, open), neverBegan -> {});
        }
    }

    private static ToolReply read(Message answer) {
        return switch (answer) {
            case Response response -> read(response.result());
            case Failure failure when blamesUs(failure.code()) ->
                    throw new UpstreamException(Kind.BROKEN_REPLY);
            case Failure failure -> new ToolFailed(failure.text(), failure.data());
            default -> throw new UpstreamException(Kind.BROKEN_REPLY);
        };
    }

    private static boolean blamesUs(int code) {
        return code == ErrorCode.PARSE_ERROR.number() || code == ErrorCode.INVALID_REQUEST.number();
    }

    private static ToolReply read(JsonNode result) {
        if (result.path("isError").asBoolean()) {
            return new ToolFailed(text(result.path("content")), Optional.of(result));
        }
        if (result.path("structuredContent").isObject()) {
            return new Result(result.get("structuredContent"));
        }
        if (!result.path("content").isArray()) {
            throw new UpstreamException(Kind.BROKEN_REPLY);
        }
        ObjectNode content = StrictJson.object();
        content.set("content", result.get("content"));
        return new Result(content);
    }

    private static String text(JsonNode content) {
        return StreamSupport.stream(content.spliterator(), false)
                .filter(block -> block.path("text").isTextual())
                .map(block -> block.get("text").textValue())
                .collect(Collectors.joining("\n"));
    }
}

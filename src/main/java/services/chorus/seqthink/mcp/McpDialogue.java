package services.chorus.seqthink.mcp;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.mutiny.Uni;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.mcp.Message.Failure;
import services.chorus.seqthink.mcp.Message.Notification;
import services.chorus.seqthink.mcp.Message.Request;
import services.chorus.seqthink.mcp.Message.Response;
import services.chorus.seqthink.mcp.UpstreamException.Kind;

/** The client's side of MCP's Streamable HTTP transport, message by message. */
final class McpDialogue {

    private static final Set<Integer> NOTHING_THERE = Set.of(404, 405, 501);

    private final Wire wire;
    private final Optional<TagSecret> tags;
    private final AtomicLong ids = new AtomicLong();

    McpDialogue(Wire wire, Optional<TagSecret> tags) {
        this.wire = wire;
        this.tags = tags;
    }

    /**
     * Begins a session.
     *
     * @return the session, or a {@link NotSpokenException} when nothing speaks MCP there
     */
    Uni<McpSession> initialize(HistoryDigest history) {
        ObjectNode params =
                StrictJson.object().put("protocolVersion", ProtocolVersion.LATEST.date());
        params.putObject("capabilities");
        params.putObject("clientInfo").put("name", "seqthink-wrapper").put("version", "1");
        Request request = request("initialize", params);
        Exchange exchange = new Exchange(request.bytes());
        return answer(history, Optional.empty(), request, exchange)
                .onFailure(McpDialogue::saysNotMcp)
                .transform(failure -> new NotSpokenException())
                .map(answer -> agreed(answer, exchange.session()))
                .call(session -> tell(history, session, initialized()));
    }

    /** Asks within a session. When cancelled, tells the server so. */
    Uni<Message> ask(HistoryDigest history, McpSession session, String method, ObjectNode params) {
        return Uni.createFrom()
                .deferred(
                        () -> {
                            Request request = request(method, params);
                            return answer(
                                            history,
                                            Optional.of(session),
                                            request,
                                            new Exchange(request.bytes()))
                                    .onCancellation()
                                    .invoke(() -> cancel(history, session, request.id()));
                        });
    }

    /** Ends a session, without waiting for it. */
    void end(HistoryDigest history, McpSession session) {
        if (session.id().isPresent()) {
            forget(
                    wire.send(
                            new Exchange(),
                            exchange ->
                                    wire.routes()
                                            .end(
                                                    session.id().get(),
                                                    session.version().date(),
                                                    tag(history),
                                                    exchange)));
        }
    }

    private Uni<Message> answer(
            HistoryDigest history,
            Optional<McpSession> session,
            Request request,
            Exchange exchange) {
        return wire.first(
                        exchange,
                        sent -> post(history, session, sent),
                        document -> answerIn(document, history, session, request.id()))
                .onItem()
                .ifNull()
                .failWith(() -> new UpstreamException(Kind.BROKEN_REPLY));
    }

    private Optional<Message> answerIn(
            byte[] document,
            HistoryDigest history,
            Optional<McpSession> session,
            MessageId awaited) {
        Message message = Message.parse(document);
        return switch (message) {
            case Response response when response.id().equals(awaited) -> Optional.of(response);
            // A server that could not read the request cannot name it.
            case Failure failure when failure.id().filter(id -> !id.equals(awaited)).isEmpty() ->
                    Optional.of(failure);
            case Request asked -> {
                session.ifPresent(open -> forget(tell(history, open, decline(asked))));
                yield Optional.empty();
            }
            default -> Optional.empty();
        };
    }

    // We declare no capabilities, so a server may ask for nothing but a sign of life.
    private static Message decline(Request asked) {
        return asked.method().equals("ping")
                ? new Response(asked.id(), StrictJson.object())
                : new Failure(
                        Optional.of(asked.id()),
                        ErrorCode.METHOD_NOT_FOUND,
                        "This client takes no requests");
    }

    private void cancel(HistoryDigest history, McpSession session, MessageId id) {
        ObjectNode params = StrictJson.object();
        params.set("requestId", id.value());
        forget(tell(history, session, new Notification("notifications/cancelled", params(params))));
    }

    private Uni<Void> tell(HistoryDigest history, McpSession session, Message message) {
        return wire.send(
                new Exchange(message.bytes()), sent -> post(history, Optional.of(session), sent));
    }

    private Uni<?> post(HistoryDigest history, Optional<McpSession> session, Exchange exchange) {
        return wire.routes()
                .message(
                        session.flatMap(McpSession::id).orElse(null),
                        session.map(open -> open.version().date()).orElse(null),
                        tag(history),
                        exchange);
    }

    private String tag(HistoryDigest history) {
        return tags.map(secret -> CallerTag.sign(history, secret).value()).orElse(null);
    }

    private Request request(String method, ObjectNode params) {
        return new Request(MessageId.of(ids.incrementAndGet()), method, params(params));
    }

    private static Notification initialized() {
        return new Notification("notifications/initialized", Optional.empty());
    }

    private static Optional<ObjectNode> params(ObjectNode params) {
        return Optional.of(params);
    }

    private static McpSession agreed(Message answer, Optional<String> session) {
        if (answer instanceof Response response) {
            String date = response.result().path("protocolVersion").asText();
            return ProtocolVersion.of(date)
                    .map(version -> new McpSession(session, version))
                    .orElseThrow(() -> new UpstreamException(Kind.BROKEN_REPLY));
        }
        throw new UpstreamException(Kind.BROKEN_REPLY);
    }

    private static boolean saysNotMcp(Throwable failure) {
        return failure instanceof MalformedMessageException
                || failure instanceof RefusedException refused
                        && NOTHING_THERE.contains(refused.status());
    }

    private static void forget(Uni<Void> told) {
        told.subscribe().with(done -> {}, failure -> {});
    }
}

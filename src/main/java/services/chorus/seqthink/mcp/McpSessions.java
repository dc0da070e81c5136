package services.chorus.seqthink.mcp;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import com.github.benmanes.caffeine.cache.Ticker;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.mcp.Message.Notification;
import services.chorus.seqthink.mcp.Message.Request;
import services.chorus.seqthink.mcp.Message.Response;
import services.chorus.seqthink.mcp.UpstreamException.Kind;

/**
 * The sessions at one MCP server over Streamable HTTP, one for each history, with the client side
 * of the handshake ({@code initialize}). Safe for use by several threads.
 */
// Caffeine loads these classes for the bounds below; Quarkus registers only those of other bounds.
@RegisterForReflection(
        classNames = {
            "com.github.benmanes.caffeine.cache.SSLMSA",
            "com.github.benmanes.caffeine.cache.PSAMS"
        })
final class McpSessions {

    /**
     * The result of a handshake.
     *
     * @param id empty if the server keeps no sessions
     * @param version the agreed revision
     */
    record Session(Optional<String> id, ProtocolVersion version) {}

    private static final int MAX_SESSIONS = 10_000;
    private static final Duration SESSION_IDLE = Duration.ofHours(1);
    private static final MessageId ID = MessageId.of(0);

    private final HttpWire wire;
    private final Duration deadline;
    private final Cache<String, CompletableFuture<Session>> sessions;

    /**
     * @param deadline of one handshake
     * @param ticker the clock for ending idle sessions
     */
    McpSessions(HttpWire wire, Duration deadline, Ticker ticker) {
        this.wire = wire;
        this.deadline = deadline;
        this.sessions =
                Caffeine.newBuilder()
                        .maximumSize(MAX_SESSIONS)
                        .expireAfterAccess(SESSION_IDLE)
                        .ticker(ticker)
                        // the REST client needs its caller's class loader, which the common pool
                        // does not have
                        .executor(Thread::startVirtualThread)
                        .removalListener(this::end)
                        .build();
    }

    /** Whether a history has a session or an unfinished handshake. */
    boolean contains(String history) {
        return sessions.getIfPresent(history) != null;
    }

    /**
     * The session of a history; begins one if there is none.
     *
     * @throws UpstreamException of kind {@code NOT_SUPPORTED} if the server does not support MCP
     */
    Session get(String history, Deadline wait) throws UpstreamException, InterruptedException {
        // All callers wait for one handshake, which continues even if the first of them leaves.
        CompletableFuture<Session> opening = sessions.get(history, this::begin);
        try {
            return opening.get(wait.nanosLeft(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new UpstreamException(Kind.TIMEOUT);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof UpstreamException failure
                    ? failure
                    : new UpstreamException(Kind.BROKEN_REPLY);
        }
    }

    /** Removes a session that the server has lost. */
    void remove(String history, Session gone) {
        sessions.asMap()
                .computeIfPresent(
                        history,
                        (same, opening) ->
                                opening.isDone()
                                                && !opening.isCompletedExceptionally()
                                                && opening.join().equals(gone)
                                        ? null
                                        : opening);
    }

    private CompletableFuture<Session> begin(String history) {
        CompletableFuture<Session> opening = new CompletableFuture<>();
        Thread.startVirtualThread(
                () -> {
                    try {
                        opening.complete(initialize(Deadline.in(deadline)));
                    } catch (UpstreamException | InterruptedException | RuntimeException e) {
                        sessions.asMap().remove(history, opening);
                        opening.completeExceptionally(e);
                    }
                });
        return opening;
    }

    private Session initialize(Deadline wait) throws UpstreamException, InterruptedException {
        ObjectNode params =
                StrictJson.object().put("protocolVersion", ProtocolVersion.LATEST.date());
        params.putObject("capabilities");
        params.putObject("clientInfo").put("name", "seqthink-wrapper").put("version", "1");
        Request request = new Request(ID, "initialize", Optional.of(params));
        Session session;
        try (HttpExchange exchange = wire.initialize(request)) {
            session = agreed(answer(exchange, wait), exchange.session());
        } catch (MalformedMessageException e) {
            throw new UpstreamException(Kind.NOT_SUPPORTED);
        } catch (UpstreamException e) {
            throw e.hasStatus(404, 405, 501) // no such route
                    ? new UpstreamException(Kind.NOT_SUPPORTED)
                    : e;
        }
        Notification begun = new Notification("notifications/initialized", Optional.empty());
        try (HttpExchange exchange = wire.message(session, begun)) {
            exchange.awaitEnd(wait);
        }
        return session;
    }

    private static Message answer(HttpExchange exchange, Deadline wait)
            throws UpstreamException, InterruptedException {
        for (Optional<byte[]> document = exchange.next(wait);
                document.isPresent();
                document = exchange.next(wait)) {
            Message message = Message.parse(document.get());
            if (message.answers(ID)) {
                return message;
            }
        }
        throw new UpstreamException(Kind.BROKEN_REPLY);
    }

    private static Session agreed(Message answer, Optional<String> session)
            throws UpstreamException {
        if (answer instanceof Response response) {
            String date = response.result().path("protocolVersion").asText();
            return ProtocolVersion.of(date)
                    .map(version -> new Session(session, version))
                    .orElseThrow(() -> new UpstreamException(Kind.BROKEN_REPLY));
        }
        throw new UpstreamException(Kind.BROKEN_REPLY);
    }

    private void end(String history, CompletableFuture<Session> opening, RemovalCause cause) {
        if (cause.wasEvicted()) {
            opening.thenAccept(wire::end);
        }
    }
}

package services.chorus.seqthink.mcp;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.mcp.Message.Notification;
import services.chorus.seqthink.mcp.Message.Request;
import services.chorus.seqthink.mcp.UpstreamException.Kind;

/**
 * MCP over Streamable HTTP (MCP 2025-11-25, "Transports") for one history. Requests get new ids,
 * since several concurrent calls may share a session.
 */
final class McpChannel {

    private final McpSessions sessions;
    private final HttpWire wire;
    private final String history;
    private final AtomicLong ids;

    /**
     * @param ids the last id sent to this server
     */
    McpChannel(McpSessions sessions, HttpWire wire, String history, AtomicLong ids) {
        this.sessions = sessions;
        this.wire = wire;
        this.history = history;
        this.ids = ids;
    }

    MessageStream send(Message message, Deadline wait)
            throws UpstreamException, InterruptedException {
        boolean known = sessions.contains(history);
        McpSessions.Session session = sessions.get(history, wait);
        if (message instanceof Request request) {
            return new Replies(request, session, known, wait);
        }
        try (HttpExchange exchange = wire.message(session, message)) {
            exchange.awaitEnd(wait);
        }
        return MessageStream.NONE;
    }

    // 404 by the specification; many servers send 400
    private static boolean isSessionGone(UpstreamException failure) {
        return failure.hasStatus(404, 400);
    }

    /** The messages that belong to a request. */
    private final class Replies implements MessageStream {

        private final Request asked;
        private final Deadline wait;
        private Request sent;
        private McpSessions.Session session;
        private HttpExchange exchange;
        private boolean mayBeGone;
        private boolean over;

        Replies(Request asked, McpSessions.Session session, boolean known, Deadline wait) {
            this.asked = asked;
            this.wait = wait;
            this.mayBeGone = known;
            sendIn(session);
        }

        private void sendIn(McpSessions.Session open) {
            session = open;
            sent = new Request(MessageId.of(ids.incrementAndGet()), asked.method(), asked.params());
            exchange = wire.message(open, sent);
            over = false;
        }

        @Override
        public Optional<Message> next() throws UpstreamException, InterruptedException {
            if (over) {
                return Optional.empty();
            }
            try {
                return Optional.of(nextOfExchange());
            } catch (UpstreamException e) {
                if (mayBeGone && isSessionGone(e)) {
                    mayBeGone = false;
                    over = true; // nothing to cancel until it is sent again
                    sessions.remove(history, session);
                    sendIn(sessions.get(history, wait));
                    return next();
                }
                over = e.kind() != Kind.TIMEOUT; // a call that timed out can still be cancelled
                throw e;
            }
        }

        private Message nextOfExchange() throws UpstreamException, InterruptedException {
            while (true) {
                Message message = read(exchange.next(wait));
                mayBeGone = false;
                if (message.answers(sent.id())) {
                    over = true;
                    return message.withId(asked.id());
                }
                if (!message.isAnswer()) {
                    return message;
                }
            }
        }

        private static Message read(Optional<byte[]> document) throws UpstreamException {
            try {
                return Message.parse(
                        document.orElseThrow(() -> new UpstreamException(Kind.BROKEN_REPLY)));
            } catch (MalformedMessageException e) {
                throw new UpstreamException(Kind.BROKEN_REPLY);
            }
        }

        @Override
        public void close() {
            exchange.close();
            if (!over) {
                over = true;
                ObjectNode params = StrictJson.object();
                params.set("requestId", sent.id().value());
                // not awaited
                wire.message(
                        session, new Notification("notifications/cancelled", Optional.of(params)));
            }
        }
    }
}

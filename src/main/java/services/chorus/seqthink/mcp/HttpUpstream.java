package services.chorus.seqthink.mcp;

import com.github.benmanes.caffeine.cache.Ticker;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import services.chorus.seqthink.mcp.Message.Request;
import services.chorus.seqthink.mcp.UpstreamException.Kind;
import services.chorus.seqthink.state.History;

/**
 * An upstream over HTTP. Detects the protocol of the server, which may start after the gateway and
 * restart with another protocol.
 */
public final class HttpUpstream implements Upstream {

    private static final Duration HEALTH_DEADLINE = Duration.ofSeconds(5);
    private static final Duration HEALTH_HOLDS = Duration.ofSeconds(1);

    // never equal to the id of a history, a SHA-256
    private static final String HEALTH = "health";

    private final Protocol protocol;
    private final Duration deadline;
    private final HttpWire wire;
    private final McpSessions sessions;
    private final AtomicLong ids = new AtomicLong();
    private final SharedCheck health;
    // with AUTO: whether the last reply was in the plain protocol
    private volatile boolean speaksPlain;

    /**
     * Does not connect yet. Needs a running Quarkus, which builds the REST client.
     *
     * @param base the URL above {@code mcp}, {@code mcp/tool} and {@code health}
     * @param deadline of one call, including the detection and the handshake
     * @param maxReplyBytes largest reply
     */
    public HttpUpstream(URI base, Protocol protocol, Duration deadline, int maxReplyBytes) {
        this(base, protocol, deadline, maxReplyBytes, Ticker.systemTicker());
    }

    /**
     * @param ticker the clock for the age of sessions and of health checks
     */
    HttpUpstream(URI base, Protocol protocol, Duration deadline, int maxReplyBytes, Ticker ticker) {
        this.protocol = protocol;
        this.deadline = deadline;
        this.wire = new HttpWire(base, deadline, maxReplyBytes);
        this.sessions = new McpSessions(wire, deadline, ticker);
        // readiness is public: many requests for it must not become many requests upstream
        this.health = new SharedCheck(this::ping, HEALTH_HOLDS, ticker);
    }

    @Override
    public Channel channel(History history) {
        return channel(history.id(), deadline);
    }

    @Override
    public void check() throws UpstreamException, InterruptedException {
        health.await();
    }

    private void ping() throws UpstreamException, InterruptedException {
        Duration shorter = deadline.compareTo(HEALTH_DEADLINE) < 0 ? deadline : HEALTH_DEADLINE;
        Request ping = new Request(MessageId.of(1), "ping", Optional.empty());
        try (MessageStream replies = channel(HEALTH, shorter).send(ping)) {
            for (Optional<Message> next = replies.next(); next.isPresent(); next = replies.next()) {
                // any answer will do
            }
        }
    }

    private Channel channel(String history, Duration within) {
        McpChannel mcp = new McpChannel(sessions, wire, history, ids);
        PlainChannel plain = new PlainChannel(wire);
        return message -> {
            Deadline wait = Deadline.in(within);
            return switch (protocol) {
                case MCP -> mcp.send(message, wait);
                case PLAIN -> plain.send(message, wait);
                case AUTO -> new AutoStream(mcp, plain, message, wait);
            };
        };
    }

    /**
     * Tries MCP and falls back to the plain contract, also if the end of a session shows that the
     * server was replaced.
     */
    private final class AutoStream implements MessageStream {

        private final PlainChannel plain;
        private final Message message;
        private final Deadline wait;
        private MessageStream replies;

        AutoStream(McpChannel mcp, PlainChannel plain, Message message, Deadline wait)
                throws UpstreamException, InterruptedException {
            this.plain = plain;
            this.message = message;
            this.wait = wait;
            this.replies = speaksPlain ? sendPlain() : sendMcp(mcp);
        }

        private MessageStream sendMcp(McpChannel mcp)
                throws UpstreamException, InterruptedException {
            try {
                return mcp.send(message, wait);
            } catch (UpstreamException e) {
                return fallBackToPlain(e);
            }
        }

        private MessageStream fallBackToPlain(UpstreamException why)
                throws UpstreamException, InterruptedException {
            if (why.kind() != Kind.NOT_SUPPORTED) {
                throw why;
            }
            plain.check(wait);
            return sendPlain();
        }

        private MessageStream sendPlain() throws UpstreamException, InterruptedException {
            speaksPlain = true;
            try {
                return plain.send(message, wait);
            } catch (UpstreamException e) {
                speaksPlain = false;
                throw e;
            }
        }

        @Override
        public Optional<Message> next() throws UpstreamException, InterruptedException {
            try {
                return replies.next();
            } catch (UpstreamException e) {
                MessageStream fallback = fallBackToPlain(e);
                replies.close();
                replies = fallback;
                return replies.next();
            }
        }

        @Override
        public void close() {
            replies.close();
        }
    }
}

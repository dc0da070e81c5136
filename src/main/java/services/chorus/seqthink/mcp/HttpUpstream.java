package services.chorus.seqthink.mcp;

import com.github.benmanes.caffeine.cache.Ticker;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import services.chorus.seqthink.mcp.Message.Request;
import services.chorus.seqthink.mcp.UpstreamException.Kind;

/**
 * An upstream over HTTP; detects its protocol. The server may start after the gateway, and restart
 * with another protocol.
 */
public final class HttpUpstream implements Upstream {

    private static final Duration HEALTH_DEADLINE = Duration.ofSeconds(5);
    private static final Duration HEALTH_HOLDS = Duration.ofSeconds(1);

    // no SHA-256 of a real key looks like this
    private static final String HEALTH = "health";

    private final Protocol protocol;
    private final Duration deadline;
    private final HttpWire wire;
    private final McpSessions sessions;
    private final AtomicLong ids = new AtomicLong();
    private final SharedCheck health;
    // With AUTO: what the last reply was in. MCP is always tried first.
    private volatile boolean speaksPlain;

    /**
     * Connects to nothing yet. Needs a running Quarkus, which builds the REST client.
     *
     * @param base the URL below which {@code mcp}, {@code mcp/tool} and {@code health} are found
     * @param deadline of one call, with everything that it needs before
     * @param maxReplyBytes how much of one reply is read
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
        // Readiness is public: its requests must not multiply into requests upstream.
        this.health = new SharedCheck(this::ping, HEALTH_HOLDS, ticker);
    }

    @Override
    public Channel channel(String historyId) {
        return channel(historyId, deadline);
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
                // any answer is a sign of life
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
     * Replies in the protocol of the server; falls back to the plain contract, also when the end of
     * a session shows that the server was replaced.
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
            this.replies = speaksPlain ? inPlain() : inMcp(mcp);
        }

        private MessageStream inMcp(McpChannel mcp) throws UpstreamException, InterruptedException {
            try {
                return mcp.send(message, wait);
            } catch (UpstreamException e) {
                return turnToPlain(e);
            }
        }

        private MessageStream turnToPlain(UpstreamException why)
                throws UpstreamException, InterruptedException {
            if (why.kind() != Kind.NOT_SPOKEN) {
                throw why;
            }
            plain.check(wait);
            return inPlain();
        }

        private MessageStream inPlain() throws UpstreamException, InterruptedException {
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
                MessageStream plainly = turnToPlain(e);
                replies.close();
                replies = plainly;
                return replies.next();
            }
        }

        @Override
        public void close() {
            replies.close();
        }
    }
}

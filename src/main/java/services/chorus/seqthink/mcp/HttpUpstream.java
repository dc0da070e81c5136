package services.chorus.seqthink.mcp;

import com.github.benmanes.caffeine.cache.Ticker;
import io.smallrye.mutiny.TimeoutException;
import io.smallrye.mutiny.Uni;
import io.vertx.core.VertxException;
import jakarta.ws.rs.ProcessingException;
import java.io.IOException;
import java.time.Duration;
import services.chorus.seqthink.mcp.UpstreamException.Kind;

/**
 * An upstream over HTTP: finds out what it speaks, holds the deadline, and names what went wrong.
 * It may be started after us, and restarted as something else.
 */
public final class HttpUpstream implements Upstream {

    private static final Duration HEALTH_DEADLINE = Duration.ofSeconds(5);
    private static final Duration HEALTH_HOLDS = Duration.ofSeconds(1);

    private final Duration deadline;
    private final Protocol protocol;
    private final Upstream mcp;
    private final Upstream plain;
    private final Uni<Void> health;
    // With AUTO: what the last reply was in. MCP is always tried first.
    private volatile boolean speaksPlain;

    /** Connects to nothing yet. Needs a running Quarkus, which builds the REST client. */
    public HttpUpstream(UpstreamOptions options) {
        this(options, Ticker.systemTicker());
    }

    /**
     * @param ticker the time that sessions and the outcomes of health checks grow old by
     */
    HttpUpstream(UpstreamOptions options, Ticker ticker) {
        Wire wire = new Wire(options.base(), options.deadline(), options.maxReplyBytes());
        this.deadline = options.deadline();
        this.protocol = options.protocol();
        this.mcp = new McpUpstream(wire, options.deadline(), options.tags(), ticker);
        this.plain = new PlainUpstream(wire);
        // Anybody may ask for our readiness: that must not multiply into requests upstream.
        this.health = new SharedCheck(HEALTH_HOLDS, ticker).share(checked());
    }

    @Override
    public Uni<ToolReply> call(ToolCall call) {
        return within(deadline, spoken(upstream -> upstream.call(call)));
    }

    @Override
    public Uni<Void> health() {
        return health;
    }

    private Uni<Void> checked() {
        Duration shorter = deadline.compareTo(HEALTH_DEADLINE) < 0 ? deadline : HEALTH_DEADLINE;
        return within(shorter, spoken(Upstream::health));
    }

    private <T> Uni<T> spoken(Ask<T> ask) {
        return switch (protocol) {
            case MCP -> ask.of(mcp);
            case PLAIN -> ask.of(plain);
            case AUTO -> Uni.createFrom().deferred(() -> speaksPlain ? inPlain(ask) : inMcp(ask));
        };
    }

    private <T> Uni<T> inMcp(Ask<T> ask) {
        return ask.of(mcp)
                .onFailure(NotSpokenException.class)
                .recoverWithUni(() -> plain.health().chain(() -> inPlain(ask)));
    }

    private <T> Uni<T> inPlain(Ask<T> ask) {
        speaksPlain = true;
        return ask.of(plain).onFailure().invoke(() -> speaksPlain = false);
    }

    private static <T> Uni<T> within(Duration deadline, Uni<T> work) {
        return work.ifNoItem().after(deadline).fail().onFailure().transform(HttpUpstream::named);
    }

    private static Throwable named(Throwable failure) {
        return switch (failure) {
            case UpstreamException e -> e;
            case TimeoutException e -> new UpstreamException(Kind.TIMEOUT);
            case java.util.concurrent.TimeoutException e -> new UpstreamException(Kind.TIMEOUT);
            case ProcessingException e -> new UpstreamException(Kind.UNREACHABLE);
            case IOException e -> new UpstreamException(Kind.UNREACHABLE);
            case VertxException e -> new UpstreamException(Kind.UNREACHABLE);
            // Anything else goes no further: a parser's exception quotes what it read.
            default -> new UpstreamException(Kind.BROKEN_REPLY);
        };
    }

    @FunctionalInterface
    private interface Ask<T> {
        Uni<T> of(Upstream upstream);
    }
}

package services.chorus.seqthink.mcp;

import java.net.URI;
import java.time.Duration;

/**
 * How to reach an upstream over HTTP.
 *
 * @param base the URL below which {@code mcp}, {@code mcp/tool} and {@code health} are found
 * @param protocol what it speaks
 * @param deadline of one call, with everything that it needs before
 * @param maxReplyBytes how much of one reply is read
 */
public record UpstreamOptions(URI base, Protocol protocol, Duration deadline, int maxReplyBytes) {

    public UpstreamOptions {
        if (!deadline.isPositive()) {
            throw new IllegalArgumentException("deadline must be positive: " + deadline);
        }
        if (maxReplyBytes < 1) {
            throw new IllegalArgumentException("maxReplyBytes must be positive: " + maxReplyBytes);
        }
    }
}

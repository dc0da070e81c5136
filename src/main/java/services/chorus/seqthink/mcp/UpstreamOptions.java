package services.chorus.seqthink.mcp;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * How to reach an upstream over HTTP.
 *
 * @param base the URL below which {@code mcp}, {@code mcp/tool} and {@code health} are found
 * @param protocol what it speaks
 * @param deadline of one call, with everything that it needs before
 * @param maxReplyBytes how much of one reply is read
 * @param tags the secret to tell it under whose call it is; only for the built-in server
 */
public record UpstreamOptions(
        URI base,
        Protocol protocol,
        Duration deadline,
        int maxReplyBytes,
        Optional<TagSecret> tags) {

    public UpstreamOptions {
        requireNonNull(base, "base is null");
        requireNonNull(protocol, "protocol is null");
        requireNonNull(deadline, "deadline is null");
        requireNonNull(tags, "tags is null");
        if (!deadline.isPositive()) {
            throw new IllegalArgumentException("deadline must be positive: " + deadline);
        }
        if (maxReplyBytes < 1) {
            throw new IllegalArgumentException("maxReplyBytes must be positive: " + maxReplyBytes);
        }
    }
}

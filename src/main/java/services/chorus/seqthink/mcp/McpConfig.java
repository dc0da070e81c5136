package services.chorus.seqthink.mcp;

import io.smallrye.config.ConfigMapping;
import java.time.Duration;
import java.util.Optional;

/** The settings of this room, under the names and defaults of {@link McpVariables}. */
@ConfigMapping(prefix = "seqthink.mcp")
public interface McpConfig {

    /** {@code MCP_LOCAL}: where the MCP server listens. */
    Optional<String> local();

    /** {@code MCP_EMBEDDED}: whether to run the built-in server; see {@link #runsBuiltIn()}. */
    Optional<Boolean> embedded();

    /** {@code MCP_ALLOW_REMOTE}: whether {@link #local()} may leave this machine. */
    boolean allowRemote();

    /** {@code MCP_TIMEOUT}: the deadline of one call. */
    Duration timeout();

    /** {@code MCP_PROTOCOL} */
    Protocol protocol();

    /** {@code MCP_MAX_REPLY_MB}: how many MiB of one reply are read. */
    int maxReplyMb();

    /** Whether the built-in server runs: when told so, or when there is no other. */
    default boolean runsBuiltIn() {
        return embedded().orElse(local().isEmpty());
    }
}

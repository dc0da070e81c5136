package services.chorus.seqthink.mcp;

import io.smallrye.mutiny.Uni;

/**
 * An MCP server behind the door. Safe for use by several threads; never blocks.
 *
 * <p>Every failure is an {@link UpstreamException}. Cancelling gives up the call upstream too.
 */
public interface Upstream {

    /** Calls a tool and gives what it said, within the deadline of one call. */
    Uni<ToolReply> call(ToolCall call);

    /** Completes, with null, when the server would take a call now. */
    Uni<Void> health();
}

package services.chorus.seqthink.mcp;

/**
 * One MCP server behind the gateway. Safe for use by several threads; its methods and those of its
 * channels block, so call them on a virtual thread and never on an event loop.
 */
public interface Upstream {

    /**
     * The channel of a history. Opening one sends nothing.
     *
     * @param historyId keeps histories, and with them the sessions at the server, apart
     */
    Channel channel(String historyId);

    /**
     * Returns when the server would take a call now.
     *
     * @throws UpstreamException when it would not
     * @throws InterruptedException when the caller gives up
     */
    void check() throws UpstreamException, InterruptedException;
}

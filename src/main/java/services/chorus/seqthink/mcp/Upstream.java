package services.chorus.seqthink.mcp;

import services.chorus.seqthink.state.History;

/**
 * One MCP server behind the gateway. Safe for use by several threads. Its methods and those of its
 * channels block, so call them on virtual threads, never on an event loop.
 */
public interface Upstream {

    /** How many calls one upstream is sent at once; further ones are refused, not queued. */
    int MOST_CALLS = 1000;

    /**
     * The channel of a history. Opening one sends nothing.
     *
     * @param history separates histories and their sessions at the server
     */
    Channel channel(History history);

    /**
     * Returns if the server can answer a call now.
     *
     * @throws UpstreamException if it cannot
     * @throws InterruptedException when the thread is interrupted
     */
    void check() throws UpstreamException, InterruptedException;
}

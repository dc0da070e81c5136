package services.chorus.seqthink.mcp;

/**
 * Sends the JSON-RPC messages of one history to an MCP server. Handles transport and session;
 * forwards the messages of the server unchanged. Safe for use by several threads.
 */
public interface Channel {

    /**
     * Sends a message.
     *
     * @return the messages that belong to a request, up to its response; an empty stream for any
     *     other message. The caller closes it.
     * @throws UpstreamException if the message could not be delivered
     * @throws InterruptedException when the thread is interrupted
     */
    MessageStream send(Message message) throws UpstreamException, InterruptedException;
}

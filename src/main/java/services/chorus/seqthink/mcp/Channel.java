package services.chorus.seqthink.mcp;

/**
 * The conversation of one history with an MCP server, in JSON-RPC messages. Whatever transport and
 * session it needs is its own business; what the server says passes through it unchanged. Safe for
 * use by several threads.
 */
public interface Channel {

    /**
     * Sends a message.
     *
     * @return for a request the messages that belong to it, up to its response; none for any other
     *     message. To be closed by the caller.
     * @throws UpstreamException when the message could not be delivered
     * @throws InterruptedException when the caller gives up
     */
    MessageStream send(Message message) throws UpstreamException, InterruptedException;
}

package services.chorus.seqthink.mcp;

/** The HTTP headers of the Streamable HTTP transport. */
final class Headers {

    /** Which session a message belongs to; given by the server with its first answer. */
    static final String SESSION = "Mcp-Session-Id";

    /** The revision that was agreed on, on every message after {@code initialize}. */
    static final String PROTOCOL_VERSION = "MCP-Protocol-Version";

    private Headers() {}
}

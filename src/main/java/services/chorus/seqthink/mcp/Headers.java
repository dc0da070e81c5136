package services.chorus.seqthink.mcp;

/** The HTTP headers of the Streamable HTTP transport, and our own. */
public final class Headers {

    /** Which session a message belongs to; given by the server with its first answer. */
    public static final String SESSION = "Mcp-Session-Id";

    /** The revision that was agreed on, on every message after {@code initialize}. */
    public static final String PROTOCOL_VERSION = "MCP-Protocol-Version";

    /** Whose call it is, for the built-in server only: a {@link CallerTag}. */
    public static final String CALLER = "Seqthink-Caller";

    private Headers() {}
}

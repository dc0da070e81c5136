package services.chorus.seqthink.mcp;

import static java.util.Objects.requireNonNull;

/**
 * The MCP server gave no reply that can be used. The message says what to look at and holds nothing
 * that the server said; for the same reason there is no cause.
 */
public final class UpstreamException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What went wrong. */
    public enum Kind {
        /** No connection, or one that broke before the reply was whole. */
        UNREACHABLE("The MCP server cannot be reached: see that it runs where MCP_LOCAL says"),
        /** The deadline passed. */
        TIMEOUT("The MCP server did not reply in time: see whether it hangs, or raise MCP_TIMEOUT"),
        /** More bytes than are read. */
        REPLY_TOO_LARGE("The MCP server's reply is too large: raise MCP_MAX_REPLY_MB"),
        /** A status, a body or a message that means nothing here. */
        BROKEN_REPLY(
                "The MCP server's reply makes no sense: see that MCP_PROTOCOL says what it speaks");

        private final String message;

        Kind(String message) {
            this.message = message;
        }
    }

    private final Kind kind;

    /** A failure of that kind. */
    public UpstreamException(Kind kind) {
        super(requireNonNull(kind, "kind is null").message);
        this.kind = kind;
    }

    /** What went wrong. */
    public Kind kind() {
        return kind;
    }
}

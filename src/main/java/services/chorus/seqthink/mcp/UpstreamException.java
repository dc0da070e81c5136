package services.chorus.seqthink.mcp;

import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * The MCP server gave no reply that can be used. The message says what to look at and holds nothing
 * that the server said; for the same reason there is no cause.
 */
public final class UpstreamException extends Exception {

    public enum Kind {
        /** No connection, or one that broke before the reply was whole. */
        UNREACHABLE("The MCP server cannot be reached: see that it runs where MCP_LOCAL says"),
        TIMEOUT("The MCP server did not reply in time: see whether it hangs, or raise MCP_TIMEOUT"),
        /** More bytes than are read. */
        REPLY_TOO_LARGE("The MCP server's reply is too large: raise MCP_MAX_REPLY_MB"),
        /** The server is there, and does not speak the protocol that it was spoken to in. */
        NOT_SPOKEN(
                "The MCP server does not speak this protocol: see that MCP_PROTOCOL says what it"
                        + " speaks"),
        /** A status, a body or a message that means nothing here. */
        BROKEN_REPLY(
                "The MCP server's reply makes no sense: see that MCP_PROTOCOL says what it speaks");

        private final String message;

        Kind(String message) {
            this.message = message;
        }
    }

    private final Kind kind;
    private final transient OptionalInt status;

    public UpstreamException(Kind kind) {
        this(kind, OptionalInt.empty());
    }

    private UpstreamException(Kind kind, OptionalInt status) {
        super(kind.message);
        this.kind = kind;
        this.status = status;
    }

    static UpstreamException refused(int status) {
        return new UpstreamException(Kind.BROKEN_REPLY, OptionalInt.of(status));
    }

    public Kind kind() {
        return kind;
    }

    boolean hasStatus(int... any) {
        return status.isPresent() && IntStream.of(any).anyMatch(one -> one == status.getAsInt());
    }
}

package services.chorus.seqthink.mcp;

import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * The MCP server sent no usable reply. The message says what to check. Neither it nor a cause
 * quotes the server.
 */
public final class UpstreamException extends Exception {

    public enum Kind {
        /** No connection, or it broke before the reply was complete. */
        UNREACHABLE("The MCP server is unreachable: check that it listens at the URL in MCP_LOCAL"),
        TIMEOUT("The MCP server did not reply in time: check its state, or raise MCP_TIMEOUT"),
        /** The reply exceeds the size limit. */
        REPLY_TOO_LARGE("The MCP server's reply is too large: raise MCP_MAX_REPLY_MB"),
        /** The server is running but does not support the protocol of the request. */
        NOT_SUPPORTED("The MCP server does not support this protocol: check MCP_PROTOCOL"),
        /** An unexpected status, body or message. */
        BROKEN_REPLY(
                "The MCP server's reply is not valid: check MCP_PROTOCOL and the server's own log");

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

package services.chorus.seqthink.mcp;

/** The upstream is there, and does not speak the protocol it was spoken to in. */
final class NotSpokenException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    NotSpokenException() {
        super("The MCP server does not speak this protocol");
    }
}

package services.chorus.seqthink.mcp;

/** The protocol of an upstream over HTTP. */
public enum Protocol {
    /** Detected by requests. */
    AUTO,
    /** MCP Streamable HTTP at {@code /mcp}. */
    MCP,
    /** {@code POST /mcp/tool} and {@code GET /health}. */
    PLAIN
}

package services.chorus.seqthink.mcp;

/** What an upstream over HTTP speaks. */
public enum Protocol {
    /** Found out by asking. */
    AUTO,
    /** MCP Streamable HTTP at {@code /mcp}. */
    MCP,
    /** {@code POST /mcp/tool} and {@code GET /health}. */
    PLAIN
}

package services.chorus.seqthink.mcp;

import java.util.Optional;

/**
 * What an MCP server and we agreed on.
 *
 * @param id the session's name, if the server keeps sessions
 * @param version the revision that both speak
 */
record McpSession(Optional<String> id, ProtocolVersion version) {}

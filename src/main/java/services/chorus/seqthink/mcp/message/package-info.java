/** What travels between the door and an MCP server: JSON-RPC messages and the headers they need. */
package services.chorus.seqthink.mcp.message;

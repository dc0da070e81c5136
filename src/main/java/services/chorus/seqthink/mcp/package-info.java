/** JSON-RPC messages, and the MCP servers behind the door. */
package services.chorus.seqthink.mcp;

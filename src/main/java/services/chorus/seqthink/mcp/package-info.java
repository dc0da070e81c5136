/** JSON-RPC messages, and the MCP servers behind the gateway. */
package services.chorus.seqthink.mcp;

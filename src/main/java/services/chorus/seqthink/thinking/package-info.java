/** The built-in sequential-thinking MCP server, on its own loopback listener. */
package services.chorus.seqthink.thinking;

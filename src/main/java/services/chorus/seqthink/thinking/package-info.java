/** The built-in sequential-thinking MCP server, in the same process. */
package services.chorus.seqthink.thinking;

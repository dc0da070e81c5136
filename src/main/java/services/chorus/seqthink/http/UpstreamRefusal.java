package services.chorus.seqthink.http;

import services.chorus.seqthink.mcp.UpstreamException;
import services.chorus.seqthink.sealing.Refusal;

/** What a caller is told, inside the seal, when the MCP server did not answer. */
final class UpstreamRefusal {

    private UpstreamRefusal() {}

    static Refusal of(UpstreamException failed) {
        return switch (failed.kind()) {
            case UNREACHABLE ->
                    new Refusal(
                            502,
                            "upstream-unreachable",
                            "The MCP server cannot be reached; try again later");
            case TIMEOUT ->
                    new Refusal(
                            504,
                            "upstream-timeout",
                            "The MCP server did not answer in time; the call may still have had an"
                                    + " effect");
            case REPLY_TOO_LARGE ->
                    new Refusal(
                            502,
                            "upstream-reply-too-large",
                            "The MCP server's reply is larger than this service takes");
            case BROKEN_REPLY ->
                    new Refusal(502, "upstream-broken", "The MCP server's reply could not be read");
        };
    }
}

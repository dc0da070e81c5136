package services.chorus.seqthink.mcp;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import services.chorus.seqthink.config.Fault;
import services.chorus.seqthink.config.Form;
import services.chorus.seqthink.config.Loopback;
import services.chorus.seqthink.config.Variable;

/** What an operator can set about the MCP server behind the door. */
public final class McpVariables {

    private static final String LOCAL = "MCP_LOCAL";

    private McpVariables() {}

    /** The variables, in the order of the README's table. */
    public static List<Variable> all() {
        return List.of(
                Variable.of(
                        LOCAL,
                        "seqthink.mcp.local",
                        Form.url(),
                        "Where the MCP server listens, such as http://127.0.0.1:8000"),
                Variable.of(
                        "MCP_EMBEDDED",
                        "seqthink.mcp.embedded",
                        Form.flag(),
                        "Run the built-in sequential-thinking server; true when MCP_LOCAL is unset"),
                Variable.of(
                        "MCP_ALLOW_REMOTE",
                        "seqthink.mcp.allow-remote",
                        "false",
                        Form.flag(),
                        "Let MCP_LOCAL name another machine, over a network that you trust"),
                Variable.of(
                        "MCP_TIMEOUT",
                        "seqthink.mcp.timeout",
                        "120s",
                        Form.duration(Duration.ofMillis(100), Duration.ofHours(1)),
                        "Deadline of one tool call"),
                Variable.of(
                        "MCP_PROTOCOL",
                        "seqthink.mcp.protocol",
                        "auto",
                        Form.oneOf("auto", "mcp", "plain"),
                        "What the MCP server speaks; auto finds out"),
                Variable.of(
                        "MCP_MAX_REPLY_MB",
                        "seqthink.mcp.max-reply-mb",
                        "16",
                        Form.number(1, 1024),
                        "How many MiB of one reply are read"));
    }

    /** What is wrong with settings that are each well formed but do not go together. */
    public static List<Fault> faults(McpConfig config) {
        List<Fault> faults = new ArrayList<>();
        if (config.local().isEmpty() && !config.runsBuiltIn()) {
            faults.add(
                    new Fault(
                            LOCAL,
                            "is not set and MCP_EMBEDDED is false",
                            "set MCP_LOCAL to the URL of an MCP server or unset MCP_EMBEDDED"));
        }
        boolean remote = config.local().filter(url -> !isLoopback(url)).isPresent();
        if (remote && config.runsBuiltIn()) {
            faults.add(
                    new Fault(
                            LOCAL,
                            "is not a loopback address, where the built-in server listens",
                            "set it to a URL such as http://127.0.0.1:8000 or unset MCP_EMBEDDED"));
        } else if (remote && !config.allowRemote()) {
            faults.add(
                    new Fault(
                            LOCAL,
                            "is not a loopback address",
                            "set it to a URL such as http://127.0.0.1:8000, or set"
                                    + " MCP_ALLOW_REMOTE to true if thoughts may leave this machine"
                                    + " unsealed"));
        }
        if (config.runsBuiltIn() && config.protocol() == Protocol.PLAIN) {
            faults.add(
                    new Fault(
                            "MCP_PROTOCOL",
                            "is plain, which the built-in server does not speak",
                            "set it to auto or unset it"));
        }
        return faults;
    }

    private static boolean isLoopback(String url) {
        return Optional.ofNullable(URI.create(url).getHost()).filter(Loopback::names).isPresent();
    }
}

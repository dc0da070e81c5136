package services.chorus.seqthink.mcp;

import io.smallrye.config.ConfigMapping;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import services.chorus.seqthink.config.Fault;
import services.chorus.seqthink.config.Form;
import services.chorus.seqthink.config.Loopback;
import services.chorus.seqthink.config.Section;

/** The settings of the MCP server behind the gateway. */
@ConfigMapping(prefix = "seqthink.mcp")
public interface McpConfig {

    Section SECTION =
            Section.of(McpConfig.class, "mcp")
                    .add("MCP_LOCAL", "local", Form.url())
                    .meaning("Where the MCP server listens, such as http://127.0.0.1:8000")
                    .add("MCP_EMBEDDED", "embedded", Form.flag())
                    .meaning(
                            "Run the built-in sequential-thinking server; true when MCP_LOCAL is"
                                    + " unset")
                    .add("MCP_ALLOW_REMOTE", "allow-remote", "false", Form.flag())
                    .meaning("Let MCP_LOCAL name another machine, over a network that you trust")
                    .add("MCP_TIMEOUT", "timeout", "120s", Form.duration("100ms", "1h"))
                    .meaning("Deadline of one tool call")
                    .add("MCP_PROTOCOL", "protocol", "auto", Form.oneOf("auto", "mcp", "plain"))
                    .meaning("What the MCP server speaks; auto finds out")
                    .add("MCP_MAX_REPLY_MB", "max-reply-mb", "16", Form.number(1, 1024))
                    .meaning("How many MiB of one reply are read");

    Optional<String> local();

    Optional<Boolean> embedded();

    boolean allowRemote();

    Duration timeout();

    Protocol protocol();

    int maxReplyMb();

    /** Whether the built-in server runs: when told so, or when there is no other. */
    default boolean runsBuiltIn() {
        return embedded().orElse(local().isEmpty());
    }

    /** What is wrong with settings that are each well formed but do not go together. */
    static List<Fault> faults(McpConfig config) {
        List<Fault> faults = new ArrayList<>();
        if (config.local().isEmpty() && !config.runsBuiltIn()) {
            faults.add(
                    new Fault(
                            "MCP_LOCAL",
                            "is not set and MCP_EMBEDDED is false",
                            "set MCP_LOCAL to the URL of an MCP server or unset MCP_EMBEDDED"));
        }
        boolean remote = config.local().filter(url -> !isLoopback(url)).isPresent();
        if (remote && config.runsBuiltIn()) {
            faults.add(
                    new Fault(
                            "MCP_LOCAL",
                            "is not a loopback address, and the built-in server is to run instead",
                            "set it to a URL such as http://127.0.0.1:8000 or unset MCP_EMBEDDED"));
        } else if (remote && !config.allowRemote()) {
            faults.add(
                    new Fault(
                            "MCP_LOCAL",
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

    /** What an operator should know of values that work. */
    static List<String> warnings(McpConfig config) {
        List<String> warnings = new ArrayList<>();
        if (config.local().isPresent() && !config.runsBuiltIn()) {
            warnings.add(
                    "MCP_LOCAL is shared by all callers: one that speaks the plain contract cannot"
                            + " keep them apart");
        }
        if (config.local().isPresent() && config.runsBuiltIn()) {
            warnings.add(
                    "MCP_LOCAL is set and MCP_EMBEDDED is true: the built-in server is used, and"
                            + " MCP_LOCAL is not; unset one of them");
        }
        if (config.allowRemote()) {
            warnings.add("MCP_ALLOW_REMOTE is true: thoughts may leave this host unsealed");
        }
        return warnings;
    }

    private static boolean isLoopback(String url) {
        return Optional.ofNullable(URI.create(url).getHost()).filter(Loopback::names).isPresent();
    }
}

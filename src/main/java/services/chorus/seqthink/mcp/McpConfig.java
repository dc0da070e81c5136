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
                    .essential(
                            "URL of the MCP server behind the gateway, such as "
                                    + "`http://127.0.0.1:8000`. Unset: the built-in sequential-thinking "
                                    + "server.")
                    .add("MCP_EMBEDDED", "embedded", Form.flag())
                    .meaning(
                            "`true` runs the built-in sequential-thinking server, also when "
                                    + "`MCP_LOCAL` is set. Unset: `true` when `MCP_LOCAL` is unset, "
                                    + "otherwise `false`.")
                    .add("MCP_ALLOW_REMOTE", "allow-remote", "false", Form.flag())
                    .meaning(
                            "`true` permits an `MCP_LOCAL` that is not on loopback. Requests "
                                    + "then travel to it unsealed; use it only over a network that you "
                                    + "trust.")
                    .add("MCP_TIMEOUT", "timeout", "120s", Form.duration("100ms", "1h"))
                    .essential("Deadline of one tool call to the upstream.")
                    .add("MCP_PROTOCOL", "protocol", "auto", Form.oneOf("auto", "mcp", "plain"))
                    .meaning(
                            "Protocol of the upstream: `mcp` (Streamable HTTP), `plain` "
                                    + "(`/mcp/tool` and `/health`) or `auto`, which detects it.")
                    .add("MCP_MAX_REPLY_MB", "max-reply-mb", "16", Form.number(1, 1024, "MiB"))
                    .meaning("Largest reply of the upstream.");

    Optional<String> local();

    Optional<Boolean> embedded();

    boolean allowRemote();

    Duration timeout();

    Protocol protocol();

    int maxReplyMb();

    /** Whether the built-in server runs: if configured, or if there is no other. */
    default boolean runsBuiltIn() {
        return embedded().orElse(local().isEmpty());
    }

    /** Settings that are valid alone but not together. */
    static List<Fault> faults(McpConfig config) {
        List<Fault> faults = new ArrayList<>();
        if (config.local().isEmpty() && !config.runsBuiltIn()) {
            faults.add(
                    new Fault(
                            "MCP_LOCAL",
                            "is not set and MCP_EMBEDDED is false",
                            "set it to the URL of an MCP server, or unset MCP_EMBEDDED"));
        }
        boolean remote = config.local().filter(url -> !isLoopback(url)).isPresent();
        if (remote && config.runsBuiltIn()) {
            faults.add(
                    new Fault(
                            "MCP_LOCAL",
                            "is not a loopback address, and MCP_EMBEDDED is true",
                            "unset it to use the built-in server, or unset MCP_EMBEDDED"));
        } else if (remote && !config.allowRemote()) {
            faults.add(
                    new Fault(
                            "MCP_LOCAL",
                            "is not a loopback address",
                            "set it to a URL such as http://127.0.0.1:8000, or set"
                                    + " MCP_ALLOW_REMOTE to true if requests may leave this machine"
                                    + " unsealed"));
        }
        if (config.runsBuiltIn() && config.protocol() == Protocol.PLAIN) {
            faults.add(
                    new Fault(
                            "MCP_PROTOCOL",
                            "is plain, which the built-in server does not support",
                            "set it to auto or unset it"));
        }
        return faults;
    }

    /** Warnings about values that are valid. */
    static List<String> warnings(McpConfig config) {
        List<String> warnings = new ArrayList<>();
        if (config.local().isPresent() && !config.runsBuiltIn()) {
            warnings.add(
                    "MCP_LOCAL is shared by all callers: with the plain protocol the server cannot"
                            + " distinguish them");
        }
        if (config.local().isPresent() && config.runsBuiltIn()) {
            warnings.add(
                    "MCP_LOCAL is set and MCP_EMBEDDED is true: the built-in server is used and"
                            + " MCP_LOCAL is ignored; unset one of them");
        }
        if (config.allowRemote()) {
            warnings.add("MCP_ALLOW_REMOTE is true: requests may leave this machine unsealed");
        }
        return warnings;
    }

    private static boolean isLoopback(String url) {
        return Optional.ofNullable(URI.create(url).getHost()).filter(Loopback::names).isPresent();
    }
}

package services.chorus.seqthink.app;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import services.chorus.seqthink.audit.AuditVariables;
import services.chorus.seqthink.config.Table;
import services.chorus.seqthink.config.Variable;
import services.chorus.seqthink.http.GatewayVariables;
import services.chorus.seqthink.issuer.IssuerVariables;
import services.chorus.seqthink.mcp.McpVariables;
import services.chorus.seqthink.net.HttpVariables;
import services.chorus.seqthink.policy.PolicyVariables;
import services.chorus.seqthink.policy.dpop.DpopVariables;
import services.chorus.seqthink.policy.limits.LimitsVariables;
import services.chorus.seqthink.policy.opaque.OpaqueVariables;
import services.chorus.seqthink.policy.rules.RulesVariables;
import services.chorus.seqthink.sealing.SealingVariables;
import services.chorus.seqthink.state.StateVariables;
import services.chorus.seqthink.tls.TlsVariables;

/** Every room's variables, in the order of the README's table. */
public final class Variables {

    private static final List<Variable> ALL =
            Stream.of(
                            GatewayVariables.all(),
                            TlsVariables.all(),
                            SealingVariables.all(),
                            PolicyVariables.all(),
                            RulesVariables.all(),
                            OpaqueVariables.all(),
                            DpopVariables.all(),
                            LimitsVariables.all(),
                            AuditVariables.all(),
                            McpVariables.all(),
                            StateVariables.all(),
                            HttpVariables.all(),
                            IssuerVariables.all(),
                            List.of(TomlFile.PATH))
                    .flatMap(List::stream)
                    .toList();

    static final Variable PORT = named("PORT");

    /** Names of a door's settings that this version does not know how to honour. */
    static final Set<String> NOT_DONE = Set.of("MCP_COMMAND", "MCP_PLAIN");

    private Variables() {}

    public static List<Variable> all() {
        return ALL;
    }

    /** Those that the configuration file may set: all but its own path. */
    static List<Variable> inToml() {
        return ALL.stream().filter(variable -> !variable.equals(TomlFile.PATH)).toList();
    }

    /** Every room's tables, for which there are no flat names. */
    static List<Table> tables() {
        return Stream.of(PolicyVariables.tables(), RulesVariables.tables())
                .flatMap(List::stream)
                .toList();
    }

    private static Variable named(String name) {
        return ALL.stream().filter(variable -> variable.name().equals(name)).findFirst().get();
    }
}

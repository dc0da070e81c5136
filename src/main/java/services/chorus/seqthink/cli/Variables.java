package services.chorus.seqthink.cli;

import java.util.List;
import java.util.stream.Stream;
import services.chorus.seqthink.gateway.GatewayVariables;
import services.chorus.seqthink.issuer.IssuerVariables;
import services.chorus.seqthink.mcp.McpVariables;
import services.chorus.seqthink.policy.PolicyVariables;
import services.chorus.seqthink.sealing.SealingVariables;
import services.chorus.seqthink.settings.Variable;

/** Every room's variables, in the order of the README's table. */
final class Variables {

    private static final List<Variable> ALL =
            Stream.of(
                            GatewayVariables.all(),
                            SealingVariables.all(),
                            PolicyVariables.all(),
                            McpVariables.all(),
                            IssuerVariables.all())
                    .flatMap(List::stream)
                    .toList();

    static final Variable PORT = named("PORT");

    private Variables() {}

    static List<Variable> all() {
        return ALL;
    }

    private static Variable named(String name) {
        return ALL.stream().filter(variable -> variable.name().equals(name)).findFirst().get();
    }
}

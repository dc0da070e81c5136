package services.chorus.seqthink.policy.rules;

import static services.chorus.seqthink.policy.rules.AccessRequest.TOOLS_CALL;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import services.chorus.seqthink.policy.ScopePair;
import services.chorus.seqthink.policy.rules.Rules.Finding;
import services.chorus.seqthink.policy.rules.RulesConfig.WrittenRule;

/**
 * The scopes that matching requests require.
 *
 * @param name for the operator to find it
 * @param method the exact JSON-RPC method
 * @param tool the exact name of the tool; empty for any
 * @param conditions must all be true for the arguments
 */
record Rule(
        String name,
        String method,
        Optional<String> tool,
        Set<String> scopes,
        List<Condition> conditions) {

    static final String ANY_TOOL = "*";

    static Rule of(ScopePair pair) {
        String name = "TOOL_SCOPES " + pair.name() + "=" + pair.scope();
        return ofTool(name, pair.name(), Set.of(pair.scope()));
    }

    static Rule ofTool(String name, String tool, Set<String> scopes) {
        return new Rule(name, TOOLS_CALL, unlessAny(tool), scopes, List.of());
    }

    /** Builds a rule in which {@link RulesCheck} found no faults. */
    static Rule from(String name, WrittenRule written) {
        return new Rule(
                name,
                written.method().orElse(TOOLS_CALL),
                written.tool().flatMap(Rule::unlessAny),
                new LinkedHashSet<>(written.scopes().orElse(List.of())),
                written.conditions().stream().map(Condition::from).toList());
    }

    Finding match(AccessRequest request) {
        return new Finding(name, scopes, mismatch(request));
    }

    private Optional<String> mismatch(AccessRequest request) {
        if (!method.equals(request.method())) {
            return Optional.of("it is for the method " + method);
        }
        if (tool.isPresent() && !tool.equals(request.tool())) {
            return Optional.of("it is for the tool " + tool.get());
        }
        return conditions.stream()
                .flatMap(condition -> condition.mismatch(request.arguments()).stream())
                .findFirst();
    }

    private static Optional<String> unlessAny(String tool) {
        return Optional.of(tool).filter(named -> !named.equals(ANY_TOOL));
    }
}

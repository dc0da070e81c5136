package services.chorus.seqthink.policy.rules;

import static services.chorus.seqthink.policy.rules.AccessRequest.TOOLS_CALL;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import services.chorus.seqthink.policy.AccessToken;
import services.chorus.seqthink.policy.rules.Rules.Finding;
import services.chorus.seqthink.policy.rules.RulesConfig.WrittenRule;

/**
 * What a kind of request asks of its caller.
 *
 * @param name where an operator finds it
 * @param method the method it speaks of, exactly
 * @param tool the tool it speaks of, exactly; empty where that does not matter
 * @param scopes what a caller needs
 * @param conditions what the arguments must all be like
 */
record Rule(
        String name,
        String method,
        Optional<String> tool,
        Set<String> scopes,
        List<Condition> conditions) {

    static final String ANY_TOOL = "*";

    /** Whether a text is one {@code tool=scope} of {@code TOOL_SCOPES}. */
    static boolean isToolScope(String pair) {
        return !tool(pair).isEmpty() && AccessToken.isScope(scope(pair));
    }

    /** The rule of one {@code tool=scope} of {@code TOOL_SCOPES}. */
    static Rule ofToolScope(String pair) {
        return ofTool(
                "TOOL_SCOPES " + tool(pair) + "=" + scope(pair), tool(pair), Set.of(scope(pair)));
    }

    static Rule ofTool(String name, String tool, Set<String> scopes) {
        return new Rule(name, TOOLS_CALL, notAny(tool), scopes, List.of());
    }

    /** Reads a rule in which {@link RulesCheck} found nothing. */
    static Rule from(String name, WrittenRule written) {
        return new Rule(
                name,
                written.method().orElse(TOOLS_CALL),
                written.tool().flatMap(Rule::notAny),
                new LinkedHashSet<>(written.scopes().orElse(List.of())),
                written.conditions().stream().map(Condition::from).toList());
    }

    Finding take(AccessRequest request) {
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

    private static Optional<String> notAny(String tool) {
        return Optional.of(tool).filter(named -> !named.equals(ANY_TOOL));
    }

    /** A scope may hold an equals sign; here a tool's name may not. */
    private static String tool(String pair) {
        return pair.substring(0, Math.max(pair.indexOf('='), 0)).strip();
    }

    private static String scope(String pair) {
        return pair.substring(pair.indexOf('=') + 1).strip();
    }
}

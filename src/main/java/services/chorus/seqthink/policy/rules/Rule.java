package services.chorus.seqthink.policy.rules;

import java.util.List;
import java.util.Optional;
import java.util.Set;

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

    static Rule ofTool(String name, String tool, Set<String> scopes, List<Condition> conditions) {
        return new Rule(
                name,
                Asked.TOOLS_CALL,
                Optional.of(tool).filter(named -> !named.equals(ANY_TOOL)),
                scopes,
                conditions);
    }

    Finding take(Asked asked) {
        return new Finding(name, scopes, mismatch(asked));
    }

    private Optional<String> mismatch(Asked asked) {
        if (!method.equals(asked.method())) {
            return Optional.of("it is for the method " + method);
        }
        if (tool.isPresent() && !tool.equals(asked.tool())) {
            return Optional.of("it is for the tool " + tool.get());
        }
        return conditions.stream()
                .flatMap(condition -> condition.mismatch(asked.arguments()).stream())
                .findFirst();
    }
}

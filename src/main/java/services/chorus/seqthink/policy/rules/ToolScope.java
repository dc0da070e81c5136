package services.chorus.seqthink.policy.rules;

import java.util.List;
import java.util.Set;
import services.chorus.seqthink.policy.Scopes;

/** A pair of {@code TOOL_SCOPES}. A scope may hold an equals sign; here a tool's name may not. */
record ToolScope(String tool, String scope) {

    static ToolScope parse(String pair) {
        int sign = pair.indexOf('=');
        return new ToolScope(
                pair.substring(0, Math.max(sign, 0)).strip(), pair.substring(sign + 1).strip());
    }

    static boolean isOne(String pair) {
        ToolScope parsed = parse(pair);
        return !parsed.tool.isEmpty() && Scopes.isScope(parsed.scope);
    }

    Rule rule() {
        return Rule.ofTool("TOOL_SCOPES " + tool + "=" + scope, tool, Set.of(scope), List.of());
    }
}

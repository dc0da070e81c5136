package services.chorus.seqthink.policy.rules;

import static java.util.stream.Collectors.toUnmodifiableSet;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import services.chorus.seqthink.config.Form;
import services.chorus.seqthink.policy.ScopePair;
import services.chorus.seqthink.policy.rules.RulesConfig.WrittenRule;

/**
 * The operator's rules, in addition to the scope of the route. A request is allowed when at least
 * one rule matches and its caller has the scopes of all matching rules. Without any rule everything
 * is allowed. Safe for use by several threads.
 */
public final class Rules {

    private final List<Rule> rules;

    private Rules(List<Rule> rules) {
        this.rules = List.copyOf(rules);
    }

    /**
     * Reads the rules.
     *
     * @param config without faults by {@link RulesConfig#faults}
     */
    public static Rules from(RulesConfig config) {
        List<Rule> rules = new ArrayList<>();
        for (WrittenRule written : config.rules()) {
            rules.add(Rule.from("rule #" + (rules.size() + 1), written));
        }
        boolean table = !rules.isEmpty();
        config.toolScopes().map(Form::list).orElse(List.of()).stream()
                .flatMap(text -> ScopePair.parse(text).stream())
                .map(Rule::of)
                .forEach(rules::add);
        if (!table && !rules.isEmpty()) {
            rules.add(
                    Rule.ofTool(
                            "any tool, since there is no table of rules", Rule.ANY_TOOL, Set.of()));
        }
        return new Rules(rules);
    }

    /**
     * Decides about a request.
     *
     * @param scopes of its caller
     */
    public Decision decide(AccessRequest request, Set<String> scopes) {
        if (rules.isEmpty()) {
            return new Decision.Allowed();
        }
        List<Finding> matching = findings(request).stream().filter(Finding::matches).toList();
        if (matching.isEmpty()) {
            return new Decision.NotAllowed();
        }
        Set<String> needed = new LinkedHashSet<>();
        matching.forEach(finding -> needed.addAll(finding.scopes()));
        return scopes.containsAll(needed)
                ? new Decision.Allowed()
                : new Decision.LacksScopes(needed);
    }

    /** Every scope that a rule requires. */
    public Set<String> scopes() {
        return rules.stream().flatMap(rule -> rule.scopes().stream()).collect(toUnmodifiableSet());
    }

    /** Whether each rule matches a request, in the order of the rules. */
    public List<Finding> findings(AccessRequest request) {
        return rules.stream().map(rule -> rule.match(request)).toList();
    }

    /** The decision about a request. */
    public sealed interface Decision {

        record Allowed() implements Decision {}

        /**
         * The caller lacks a scope.
         *
         * @param needed all required scopes, including those the caller has, in the order of the
         *     rules
         */
        record LacksScopes(Set<String> needed) implements Decision {

            public LacksScopes {
                needed = Collections.unmodifiableSet(new LinkedHashSet<>(needed));
            }
        }

        /** There are rules, but none matches. */
        record NotAllowed() implements Decision {}
    }

    /**
     * Whether a rule matches a request.
     *
     * @param rule names the rule for its operator
     * @param scopes the scopes that it requires when it matches
     * @param mismatch why it does not match; empty when it does
     */
    public record Finding(String rule, Set<String> scopes, Optional<String> mismatch) {

        public boolean matches() {
            return mismatch.isEmpty();
        }
    }
}

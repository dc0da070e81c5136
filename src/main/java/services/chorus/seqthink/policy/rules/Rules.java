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
 * What callers may ask for, beside the scope of the route. A request is allowed when a rule matches
 * it and its caller has the scopes of all that do. Without any rule everything is allowed; with
 * one, what no rule matches is not.
 *
 * <p>Safe for use by several threads.
 */
public final class Rules {

    private final List<Rule> rules;

    private Rules(List<Rule> rules) {
        this.rules = List.copyOf(rules);
    }

    /**
     * Reads the rules.
     *
     * @param config in which {@link RulesConfig#faults} found nothing
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
     * Judges a request.
     *
     * @param scopes what its caller has
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

    /** Every scope that some rule asks for. */
    public Set<String> scopes() {
        return rules.stream().flatMap(rule -> rule.scopes().stream()).collect(toUnmodifiableSet());
    }

    /** How each rule takes a request, in order; none when there is no rule. */
    public List<Finding> findings(AccessRequest request) {
        return rules.stream().map(rule -> rule.take(request)).toList();
    }

    /** What the rules say to a request. */
    public sealed interface Decision {

        /** Nothing is against it. */
        record Allowed() implements Decision {}

        /**
         * The caller has not every scope it needs.
         *
         * @param needed all of them, those it has included, in the order of the rules
         */
        record LacksScopes(Set<String> needed) implements Decision {

            public LacksScopes {
                needed = Collections.unmodifiableSet(new LinkedHashSet<>(needed));
            }
        }

        /** There are rules, and none of them is for such a request. */
        record NotAllowed() implements Decision {}
    }

    /**
     * Whether a rule is for a request.
     *
     * @param rule names the rule as its operator would find it
     * @param scopes what it asks for where it matches
     * @param mismatch why it does not match; empty when it does
     */
    public record Finding(String rule, Set<String> scopes, Optional<String> mismatch) {

        /** Whether the rule is for the request. */
        public boolean matches() {
            return mismatch.isEmpty();
        }
    }
}

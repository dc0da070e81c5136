package services.chorus.seqthink.policy.rules;

import static java.util.stream.Collectors.toUnmodifiableSet;
import static services.chorus.seqthink.policy.rules.Asked.TOOLS_CALL;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import services.chorus.seqthink.config.Form;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.policy.rules.Condition.Equal;
import services.chorus.seqthink.policy.rules.Condition.Prefix;
import services.chorus.seqthink.policy.rules.Condition.Range;
import services.chorus.seqthink.policy.rules.Condition.Wanted;
import services.chorus.seqthink.policy.rules.RulesConfig.WrittenCondition;
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
            rules.add(rule("rule #" + (rules.size() + 1), written));
        }
        boolean table = !rules.isEmpty();
        config.toolScopes().map(Form::list).orElse(List.of()).stream()
                .map(ToolScope::parse)
                .map(ToolScope::rule)
                .forEach(rules::add);
        if (!table && !rules.isEmpty()) {
            rules.add(
                    Rule.ofTool(
                            "any tool, since there is no table of rules",
                            Rule.ANY_TOOL,
                            Set.of(),
                            List.of()));
        }
        return new Rules(rules);
    }

    /**
     * Judges a request.
     *
     * @param scopes what its caller has
     */
    public Decision decide(Asked asked, Set<String> scopes) {
        if (rules.isEmpty()) {
            return new Decision.Allowed();
        }
        List<Finding> matching = findings(asked).stream().filter(Finding::matches).toList();
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
    public List<Finding> findings(Asked asked) {
        return rules.stream().map(rule -> rule.take(asked)).toList();
    }

    private static Rule rule(String name, WrittenRule written) {
        return new Rule(
                name,
                written.method().orElse(TOOLS_CALL),
                written.tool().filter(tool -> !tool.equals(Rule.ANY_TOOL)),
                new LinkedHashSet<>(written.scopes().orElse(List.of())),
                written.conditions().stream().map(Rules::condition).toList());
    }

    private static Condition condition(WrittenCondition written) {
        return new Condition(Pointer.parse(written.pointer().orElseThrow()), wanted(written));
    }

    private static Wanted wanted(WrittenCondition written) {
        Optional<Wanted> equal = written.equalTo().map(json -> new Equal(scalar(json)));
        Optional<Wanted> prefix = written.prefix().map(Prefix::new);
        return equal.or(() -> prefix)
                .orElseGet(
                        () ->
                                new Range(
                                        written.least().flatMap(Numbers::parse),
                                        written.most().flatMap(Numbers::parse)));
    }

    private static JsonNode scalar(String json) {
        return StrictJson.parse(json.getBytes(StandardCharsets.UTF_8)).orElseThrow();
    }
}

package services.chorus.seqthink.cli;

import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import services.chorus.seqthink.app.Configuration;
import services.chorus.seqthink.policy.AccessToken;
import services.chorus.seqthink.policy.Caller;
import services.chorus.seqthink.policy.Reason;
import services.chorus.seqthink.policy.Verdict;
import services.chorus.seqthink.policy.rules.Asked;
import services.chorus.seqthink.policy.rules.Decision;
import services.chorus.seqthink.policy.rules.Finding;
import services.chorus.seqthink.policy.rules.Rules;

/**
 * What becomes of a request, step by step in the order of the door. Ends at the step that refuses.
 *
 * @param allowed whether no step refuses
 * @param lines one for each step, then the outcome
 */
record Explanation(boolean allowed, List<String> lines) {

    /**
     * @param verdict what became of the token; empty where policy is off
     */
    static Explanation of(Configuration.Usable usable, Optional<Verdict> verdict, Asked asked) {
        Steps steps = new Steps(usable);
        return steps.token(verdict)
                .flatMap(steps::route)
                .map(scopes -> steps.rules(scopes, asked))
                .orElseGet(() -> new Explanation(false, steps.lines));
    }

    /** The steps so far; each gives what the next one needs, or ends them. */
    private static final class Steps {

        private final Configuration.Usable usable;
        private final List<String> lines = new ArrayList<>();

        private Steps(Configuration.Usable usable) {
            this.usable = usable;
        }

        private Optional<Set<String>> token(Optional<Verdict> verdict) {
            if (verdict.isEmpty()) {
                lines.add("token: not looked at, since INSECURE_DEV leaves policy off");
                return Optional.of(Set.of(usable.policy().requiredScope()));
            }
            return switch (verdict.get()) {
                case Verdict.Accepted(AccessToken token) -> accepted(token);
                case Verdict.Refused(var reason) -> {
                    lines.add("token: " + reason.description());
                    yield denied("401, for the token");
                }
                case Verdict.KeysUnavailable() -> {
                    lines.add("token: its issuer's keys cannot be had");
                    yield denied("503, until they can");
                }
            };
        }

        private Optional<Set<String>> accepted(AccessToken token) {
            Caller caller = token.caller();
            lines.add(
                    "token: good until %s, of %s %s at %s, with %s"
                            .formatted(
                                    token.expiresAt(),
                                    caller.kind() == Caller.Kind.SUBJECT ? "subject" : "client",
                                    quoted(caller.name()),
                                    quoted(caller.issuer()),
                                    scopes(token.scopes().stream().sorted().toList())));
            if (token.boundTo().isPresent()) {
                lines.add("token: bound to a key, so each call needs a DPoP proof");
            } else if (usable.dpop().required()) {
                lines.add("token: " + Reason.NOT_BOUND.description());
                return denied("401, for the token");
            }
            return Optional.of(token.scopes());
        }

        private Optional<Set<String>> route(Set<String> scopes) {
            String required = usable.policy().requiredScope();
            if (scopes.contains(required)) {
                lines.add("route: needs %s, which the token has".formatted(required));
                return Optional.of(scopes);
            }
            lines.add("route: needs %s, which the token lacks".formatted(required));
            return denied("403, for the scope of the route");
        }

        private Explanation rules(Set<String> scopes, Asked asked) {
            Rules rules = Rules.from(usable.rules());
            List<Finding> findings = rules.findings(asked);
            if (findings.isEmpty()) {
                lines.add("rules: there are none");
            }
            findings.forEach(finding -> lines.add(words(finding, scopes)));
            return switch (rules.decide(asked, scopes)) {
                case Decision.Allowed() -> {
                    lines.add("allowed");
                    yield new Explanation(true, lines);
                }
                case Decision.LacksScopes(Set<String> needed) ->
                        refused("it needs " + scopes(List.copyOf(needed)));
                case Decision.NotAllowed() -> refused("no rule matches");
            };
        }

        private Explanation refused(String why) {
            lines.add("denied: 403 inside the seal, since " + why);
            return new Explanation(false, lines);
        }

        private Optional<Set<String>> denied(String answer) {
            lines.add("denied: " + answer);
            return Optional.empty();
        }

        private static String words(Finding finding, Set<String> scopes) {
            if (!finding.matches()) {
                return "%s: does not match, %s"
                        .formatted(finding.rule(), finding.mismatch().orElseThrow());
            }
            List<String> lacking =
                    finding.scopes().stream().filter(scope -> !scopes.contains(scope)).toList();
            return "%s: matches, asks for %s%s"
                    .formatted(
                            finding.rule(),
                            scopes(List.copyOf(finding.scopes())),
                            lacking.isEmpty() ? "" : ", lacks " + scopes(lacking));
        }

        private static String scopes(List<String> scopes) {
            return scopes.isEmpty()
                    ? "no scope"
                    : scopes.stream().collect(Collectors.joining(" and "));
        }

        /** So that a name cannot pass for a line of ours. */
        private static String quoted(String text) {
            return TextNode.valueOf(text).toString();
        }
    }
}

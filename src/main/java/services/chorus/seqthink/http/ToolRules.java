package services.chorus.seqthink.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.inject.Singleton;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import services.chorus.seqthink.mcp.ToolCall;
import services.chorus.seqthink.policy.PolicyConfig;
import services.chorus.seqthink.policy.rules.Asked;
import services.chorus.seqthink.policy.rules.Decision;
import services.chorus.seqthink.policy.rules.Rules;
import services.chorus.seqthink.telemetry.Count;
import services.chorus.seqthink.telemetry.Meters;

/** What the rules have against a call, as its caller is told inside the seal. */
@Singleton
final class ToolRules {

    private final Rules rules;
    private final String routeScope;
    private final Meters meters;

    ToolRules(Rules rules, PolicyConfig policy, Meters meters) {
        this.rules = rules;
        this.routeScope = policy.requiredScope();
        this.meters = meters;
    }

    /** The members of the reply that refuses a call; empty when it may go on. */
    Optional<ObjectNode> refusal(ToolCall call, Set<String> scopes) {
        Asked asked = Asked.call(call.tool(), call.arguments());
        return switch (rules.decide(asked, scopes)) {
            case Decision.Allowed() -> Optional.empty();
            case Decision.LacksScopes(Set<String> needed) -> {
                meters.count(Count.RULE_DENIALS);
                yield Optional.of(lacks(needed));
            }
            case Decision.NotAllowed() -> {
                meters.count(Count.RULE_DENIALS);
                yield Optional.of(notAllowed());
            }
        };
    }

    /** With the route's scope, so that a token of just these scopes will do. */
    private ObjectNode lacks(Set<String> needed) {
        ObjectNode members = JsonNodeFactory.instance.objectNode();
        ArrayNode scopes =
                SealedReplies.error(
                                members,
                                "insufficient-scope",
                                "The token lacks a scope that this call needs; ask its issuer for a"
                                        + " token with all of these scopes")
                        .putArray("scopes");
        Set<String> all = new LinkedHashSet<>(Set.of(routeScope));
        all.addAll(needed);
        all.forEach(scopes::add);
        return members;
    }

    private static ObjectNode notAllowed() {
        ObjectNode members = JsonNodeFactory.instance.objectNode();
        SealedReplies.error(
                members,
                "not-allowed",
                "No rule of this service allows this tool with these arguments; no other token"
                        + " would change that");
        return members;
    }
}

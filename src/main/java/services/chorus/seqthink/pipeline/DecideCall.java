package services.chorus.seqthink.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.inject.Singleton;
import java.util.LinkedHashSet;
import java.util.Set;
import services.chorus.seqthink.policy.PolicyConfig;
import services.chorus.seqthink.policy.rules.AccessRequest;
import services.chorus.seqthink.policy.rules.Rules;
import services.chorus.seqthink.policy.rules.Rules.Decision;
import services.chorus.seqthink.sealing.Refusal;
import services.chorus.seqthink.telemetry.Count;
import services.chorus.seqthink.telemetry.Meters;

/** Reads the tool and its arguments from the request, and applies the rules. */
@Singleton
final class DecideCall {

    private final Rules rules;
    private final String routeScope;
    private final Meters meters;

    DecideCall(Rules rules, PolicyConfig policy, Meters meters) {
        this.rules = rules;
        this.routeScope = policy.requiredScope();
        this.meters = meters;
    }

    void call(Exchange exchange) throws Refused {
        JsonNode tool = exchange.request().path("tool");
        if (!tool.isTextual() || tool.textValue().isBlank()) {
            throw badRequest(exchange, "tool must be a string: the name of a tool");
        }
        exchange.calls(tool.textValue());
        if (!(exchange.request().path("payload") instanceof ObjectNode arguments)) {
            throw badRequest(exchange, "payload must be an object: the tool's arguments");
        }
        AccessRequest request = AccessRequest.call(tool.textValue(), arguments);
        switch (rules.decide(request, exchange.caller().scopes())) {
            case Decision.Allowed() -> exchange.allowed(arguments);
            case Decision.LacksScopes(Set<String> needed) -> throw denied(exchange, lacks(needed));
            case Decision.NotAllowed() -> throw denied(exchange, Refusal.notAllowed());
        }
    }

    /** Includes the route's scope: a token with exactly these scopes must suffice. */
    private Refusal lacks(Set<String> needed) {
        Set<String> all = new LinkedHashSet<>(Set.of(routeScope));
        all.addAll(needed);
        return Refusal.insufficientScope(all);
    }

    private Refused denied(Exchange exchange, Refusal refusal) {
        meters.count(Count.RULE_DENIALS);
        return Refused.forRequest(exchange.replyTarget(), refusal);
    }

    private static Refused badRequest(Exchange exchange, String problem) {
        return Refused.forRequest(
                exchange.replyTarget(),
                new Refusal(400, "bad-request", "The request's " + problem));
    }
}

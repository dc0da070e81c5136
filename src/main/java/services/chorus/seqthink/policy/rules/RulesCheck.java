package services.chorus.seqthink.policy.rules;

import static java.nio.charset.StandardCharsets.UTF_8;
import static services.chorus.seqthink.policy.rules.AccessRequest.TOOLS_CALL;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import services.chorus.seqthink.config.Fault;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.policy.AccessToken;
import services.chorus.seqthink.policy.rules.RulesConfig.WrittenCondition;
import services.chorus.seqthink.policy.rules.RulesConfig.WrittenRule;

/** Finds incomplete and contradictory rules. */
final class RulesCheck {

    private final List<Fault> faults = new ArrayList<>();

    List<Fault> faults(RulesConfig config) {
        for (int i = 0; i < config.rules().size(); i++) {
            check(RulesConfig.TABLE + "[" + i + "]", config.rules().get(i));
        }
        return List.copyOf(faults);
    }

    private void check(String place, WrittenRule rule) {
        if (rule.method().orElse(TOOLS_CALL).equals(TOOLS_CALL)) {
            if (rule.tool().isEmpty()) {
                fault(place, "names no tool", "set tool to a tool's name, or to * for any");
            }
        } else if (rule.tool().isPresent() || !rule.conditions().isEmpty()) {
            fault(
                    place,
                    "has a tool or a when, which apply only to tools/call",
                    "remove them, or remove the method");
        }
        if (!rule.scopes().orElse(List.of()).stream().allMatch(AccessToken::isScope)) {
            fault(place, "has an invalid scope", "write scopes without spaces or quotes");
        }
        for (int i = 0; i < rule.conditions().size(); i++) {
            check(place + ".when[" + i + "]", rule.conditions().get(i));
        }
    }

    private void check(String place, WrittenCondition condition) {
        if (condition.pointer().filter(Condition.POINTER::accepts).isEmpty()) {
            fault(place, "has no valid pointer", "set pointer to " + Condition.POINTER.wants());
        }
        boolean range = condition.least().isPresent() || condition.most().isPresent();
        long criteria =
                Stream.of(condition.equalTo().isPresent(), condition.prefix().isPresent(), range)
                        .filter(present -> present)
                        .count();
        if (criteria != 1) {
            fault(
                    place,
                    "needs exactly one of equals, prefix, and least or most",
                    "write one condition in each when");
        }
        if (condition.equalTo().isPresent()
                && condition.equalTo().filter(this::isScalar).isEmpty()) {
            fault(
                    place,
                    "has an equals that is not a scalar",
                    "set equals to a string, number or boolean");
        }
        checkRange(place, condition);
    }

    private void checkRange(String place, WrittenCondition condition) {
        boolean numbers =
                Stream.of(condition.least(), condition.most())
                        .flatMap(Optional::stream)
                        .allMatch(bound -> Condition.number(bound).isPresent());
        if (!numbers) {
            fault(place, "has a bound that is not a number", "set least and most to numbers");
            return;
        }
        Optional<BigDecimal> least = condition.least().flatMap(Condition::number);
        Optional<BigDecimal> most = condition.most().flatMap(Condition::number);
        if (least.isPresent() && most.isPresent() && least.get().compareTo(most.get()) > 0) {
            fault(place, "has a least above its most", "set least to at most the value of most");
        }
    }

    private boolean isScalar(String json) {
        return StrictJson.parse(json.getBytes(UTF_8))
                .filter(JsonNode::isValueNode)
                .filter(value -> !value.isNull())
                .isPresent();
    }

    private void fault(String place, String problem, String fix) {
        faults.add(new Fault(place, problem, fix));
    }
}

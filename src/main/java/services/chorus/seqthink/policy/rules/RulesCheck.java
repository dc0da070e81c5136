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

/** Finds rules that do not say one clear thing. */
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
                    "has a tool or a when, which only calls of tools have",
                    "take them out, or the method");
        }
        if (!rule.scopes().orElse(List.of()).stream().allMatch(AccessToken::isScope)) {
            fault(place, "has a scope that is none", "write scopes without spaces or quotes");
        }
        for (int i = 0; i < rule.conditions().size(); i++) {
            check(place + ".when[" + i + "]", rule.conditions().get(i));
        }
    }

    private void check(String place, WrittenCondition condition) {
        if (condition.pointer().filter(Condition.POINTER::accepts).isEmpty()) {
            fault(place, "has no usable pointer", "set pointer to " + Condition.POINTER.wants());
        }
        boolean range = condition.least().isPresent() || condition.most().isPresent();
        long questions =
                Stream.of(condition.equalTo().isPresent(), condition.prefix().isPresent(), range)
                        .filter(asked -> asked)
                        .count();
        if (questions != 1) {
            fault(
                    place,
                    "has not exactly one of equals, prefix and least or most",
                    "ask one thing in each when");
        }
        if (condition.equalTo().isPresent()
                && condition.equalTo().filter(this::isScalar).isEmpty()) {
            fault(place, "equals what is no scalar", "set equals to a string, number or boolean");
        }
        checkRange(place, condition);
    }

    private void checkRange(String place, WrittenCondition condition) {
        boolean numbers =
                Stream.of(condition.least(), condition.most())
                        .flatMap(Optional::stream)
                        .allMatch(bound -> Condition.number(bound).isPresent());
        if (!numbers) {
            fault(place, "has a bound that is no number", "set least and most to numbers");
            return;
        }
        Optional<BigDecimal> least = condition.least().flatMap(Condition::number);
        Optional<BigDecimal> most = condition.most().flatMap(Condition::number);
        if (least.isPresent() && most.isPresent() && least.get().compareTo(most.get()) > 0) {
            fault(place, "has a least above its most", "set least to no more than most");
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

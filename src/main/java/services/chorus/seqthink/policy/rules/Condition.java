package services.chorus.seqthink.policy.rules;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.regex.Pattern;
import services.chorus.seqthink.config.Form;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.policy.rules.RulesConfig.WrittenCondition;

/** A condition on one place in the arguments; false when the place is empty. */
record Condition(JsonPointer pointer, Criterion criterion) {

    private static final Pattern POINTER_SYNTAX = Pattern.compile("(?:/(?:[^/~]|~[01])*+)++");

    /** RFC 6901, without the root. */
    static final Form POINTER =
            new Form(
                    "a JSON pointer, such as /options/path",
                    text -> POINTER_SYNTAX.matcher(text).matches());

    /** Reads a condition without faults by {@link RulesCheck}. */
    static Condition from(WrittenCondition written) {
        return new Condition(
                JsonPointer.compile(written.pointer().orElseThrow()), criterion(written));
    }

    private static Criterion criterion(WrittenCondition written) {
        if (written.equalTo().isPresent()) {
            return new Equal(
                    StrictJson.parse(written.equalTo().get().getBytes(UTF_8)).orElseThrow());
        }
        if (written.prefix().isPresent()) {
            return new Prefix(written.prefix().get());
        }
        return new Range(
                written.least().flatMap(Condition::number),
                written.most().flatMap(Condition::number));
    }

    /** The number in a text, with all its digits; empty when it is not a number. */
    static Optional<BigDecimal> number(String text) {
        try {
            return Optional.of(new BigDecimal(text));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Why the condition is false; empty when it is true. */
    Optional<String> mismatch(JsonNode arguments) {
        JsonNode found = arguments.at(pointer);
        if (found.isMissingNode()) {
            return Optional.of(pointer + " points to nothing");
        }
        return criterion.accepts(found)
                ? Optional.empty()
                : Optional.of(pointer + " is not " + criterion.words());
    }

    /** What a value must be, including its JSON type. */
    sealed interface Criterion {

        boolean accepts(JsonNode found);

        /** A text that completes "is not". */
        String words();
    }

    /** An equal string or boolean, or a number of equal value (1 and 1.0). */
    record Equal(JsonNode value) implements Criterion {

        @Override
        public boolean accepts(JsonNode found) {
            if (found.getNodeType() != value.getNodeType()) {
                return false;
            }
            return value.getNodeType() == JsonNodeType.NUMBER
                    ? found.decimalValue().compareTo(value.decimalValue()) == 0
                    : found.equals(value);
        }

        @Override
        public String words() {
            return value.toString();
        }
    }

    record Prefix(String beginning) implements Criterion {

        @Override
        public boolean accepts(JsonNode found) {
            return found.isTextual() && found.textValue().startsWith(beginning);
        }

        @Override
        public String words() {
            return "a string that begins with " + TextNode.valueOf(beginning);
        }
    }

    /** A number within inclusive bounds, of which at least one is present. */
    record Range(Optional<BigDecimal> least, Optional<BigDecimal> most) implements Criterion {

        @Override
        public boolean accepts(JsonNode found) {
            return found.isNumber()
                    && least.filter(bound -> found.decimalValue().compareTo(bound) < 0).isEmpty()
                    && most.filter(bound -> found.decimalValue().compareTo(bound) > 0).isEmpty();
        }

        @Override
        public String words() {
            return "a number"
                    + least.map(bound -> ", at least " + bound).orElse("")
                    + most.map(bound -> ", at most " + bound).orElse("");
        }
    }
}

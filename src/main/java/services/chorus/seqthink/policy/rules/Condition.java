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

/**
 * What one place in the arguments must be like. A place where nothing stands is like nothing.
 *
 * @param pointer the place
 * @param wanted what must stand there
 */
record Condition(JsonPointer pointer, Wanted wanted) {

    private static final Pattern POINTER_SYNTAX = Pattern.compile("(?:/(?:[^/~]|~[01])*+)++");

    /** A place below the root (RFC 6901). */
    static final Form POINTER =
            new Form(
                    "a JSON pointer, such as /options/path",
                    text -> POINTER_SYNTAX.matcher(text).matches());

    /** Reads a condition in which {@link RulesCheck} found nothing. */
    static Condition from(WrittenCondition written) {
        return new Condition(JsonPointer.compile(written.pointer().orElseThrow()), wanted(written));
    }

    private static Wanted wanted(WrittenCondition written) {
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

    /** A number as it is written, none of its digits lost; empty when it is none. */
    static Optional<BigDecimal> number(String text) {
        try {
            return Optional.of(new BigDecimal(text));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Why the arguments are not so; empty when they are. */
    Optional<String> mismatch(JsonNode arguments) {
        JsonNode found = arguments.at(pointer);
        if (found.isMissingNode()) {
            return Optional.of(pointer + " points to nothing");
        }
        return wanted.accepts(found)
                ? Optional.empty()
                : Optional.of(pointer + " is not " + wanted.words());
    }

    /** A question about one node, whose answer is of the node's own type. */
    sealed interface Wanted {

        boolean accepts(JsonNode found);

        /** What it wants, after "is not". */
        String words();
    }

    /** A string of the same characters, the same boolean, or a number of the same value. */
    record Equal(JsonNode value) implements Wanted {

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

    /** A string that begins so. */
    record Prefix(String beginning) implements Wanted {

        @Override
        public boolean accepts(JsonNode found) {
            return found.isTextual() && found.textValue().startsWith(beginning);
        }

        @Override
        public String words() {
            return "a string that begins with " + TextNode.valueOf(beginning);
        }
    }

    /** A number within bounds, both included; at least one is there. */
    record Range(Optional<BigDecimal> least, Optional<BigDecimal> most) implements Wanted {

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

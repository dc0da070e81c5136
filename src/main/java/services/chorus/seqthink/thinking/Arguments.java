package services.chorus.seqthink.thinking;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.OptionalInt;

/** The arguments of a call; each method throws {@link WrongArgumentException}. */
final class Arguments {

    /** An invalid argument. The text contains its name and what it must be, not its value. */
    static final class WrongArgumentException extends RuntimeException {

        WrongArgumentException(String name, String expected) {
            super("The argument " + name + " must be " + expected);
        }
    }

    private final ObjectNode given;

    Arguments(ObjectNode given) {
        this.given = given;
    }

    String text(String name, int maxLength) {
        JsonNode value = given.path(name);
        String text = value.isTextual() ? value.textValue() : "";
        if (text.isBlank() || text.length() > maxLength) {
            throw new WrongArgumentException(
                    name,
                    "a string that is not blank, of %,d characters at most".formatted(maxLength));
        }
        return text;
    }

    Optional<String> optionalText(String name, int maxLength) {
        return given.has(name) ? Optional.of(text(name, maxLength)) : Optional.empty();
    }

    boolean flag(String name) {
        JsonNode value = given.path(name);
        if (!value.isBoolean()) {
            throw new WrongArgumentException(name, "true or false");
        }
        return value.booleanValue();
    }

    boolean optionalFlag(String name) {
        return given.has(name) && flag(name);
    }

    int positive(String name) {
        JsonNode value = given.path(name);
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 1) {
            throw new WrongArgumentException(name, "a whole number, 1 or more");
        }
        return value.intValue();
    }

    OptionalInt optionalPositive(String name) {
        return given.has(name) ? OptionalInt.of(positive(name)) : OptionalInt.empty();
    }
}

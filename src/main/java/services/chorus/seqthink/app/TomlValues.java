package services.chorus.seqthink.app;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Values of TOML as the texts that configuration properties are. */
final class TomlValues {

    private TomlValues() {}

    /** Words of a key may be joined by hyphens or by underscores. */
    static String kebab(String key) {
        return key.replace('_', '-');
    }

    /** A string, number or boolean as text; empty for anything else, NaN and dates included. */
    static Optional<String> text(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING, BOOLEAN -> Optional.of(value.asText());
            case NUMBER ->
                    value.isIntegralNumber() || value.isBigDecimal()
                            ? Optional.of(value.asText())
                            : Optional.empty();
            default -> Optional.empty();
        };
    }

    /** The same as JSON, so that {@code "5"} and {@code 5} stay apart. */
    static Optional<String> scalar(JsonNode value) {
        return text(value).map(text -> value.toString());
    }

    /** A list as the flat names write it; empty when an element would be taken for several. */
    static Optional<String> joined(JsonNode list) {
        List<Optional<String>> elements =
                list.valueStream()
                        .map(element -> text(element).filter(text -> !text.contains(",")))
                        .toList();
        return elements.stream().allMatch(Optional::isPresent)
                ? Optional.of(elements.stream().map(Optional::get).collect(Collectors.joining(",")))
                : Optional.empty();
    }
}

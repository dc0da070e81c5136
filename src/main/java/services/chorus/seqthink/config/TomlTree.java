package services.chorus.seqthink.config;

import static java.util.stream.Collectors.joining;
import static services.chorus.seqthink.config.Variable.ROOT;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import services.chorus.seqthink.config.Table.Column;
import services.chorus.seqthink.config.Table.Kind;

/**
 * Turns parsed TOML into configuration properties: the keys of sections into {@code
 * seqthink.mcp.timeout} and so on, arrays of tables into indexed properties such as {@code
 * seqthink.policy.rule[0].tool}.
 */
final class TomlTree {

    private static final Pattern INDEX = Pattern.compile("\\[(\\d+)]\\.?");

    private final Catalogue catalogue;
    private final Path path;
    private final Map<String, String> values = new TreeMap<>();
    private final List<Fault> faults = new ArrayList<>();

    private TomlTree(Catalogue catalogue, Path path) {
        this.catalogue = catalogue;
        this.path = path;
    }

    static TomlFile read(Catalogue catalogue, Path path, JsonNode root) {
        TomlTree tree = new TomlTree(catalogue, path);
        tree.readSection("", root);
        return new TomlFile(path, true, Map.copyOf(tree.values), List.copyOf(tree.faults));
    }

    /** Where a property is in the file, with the entries of tables counted from 1. */
    static String place(String property, Path path) {
        String key = property.startsWith(ROOT) ? property.substring(ROOT.length()) : property;
        return INDEX.matcher(key)
                        .replaceAll(index -> " #" + (Integer.parseInt(index.group(1)) + 1) + " ")
                        .strip()
                + " in "
                + path;
    }

    private void readSection(String prefix, JsonNode section) {
        readKeys(prefix, section, (key, entry) -> readKey(prefix, key, entry));
    }

    /** Reads each key of an object and returns all of them, with hyphens for underscores. */
    private Set<String> readKeys(
            String prefix, JsonNode object, BiConsumer<String, Map.Entry<String, JsonNode>> read) {
        Set<String> seen = new HashSet<>();
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            String key = kebab(entry.getKey());
            if (seen.add(key)) {
                read.accept(key, entry);
            } else {
                fault(
                        prefix + key,
                        "is set twice, with a hyphen and with an underscore",
                        "keep one of the two");
            }
        }
        return seen;
    }

    private void readKey(String prefix, String word, Map.Entry<String, JsonNode> entry) {
        String key = prefix + word;
        JsonNode value = entry.getValue();
        Optional<Variable> variable =
                catalogue.inFile().stream().filter(known -> known.key().equals(key)).findFirst();
        Optional<Table> table =
                catalogue.tables().stream()
                        .filter(known -> known.property().equals(ROOT + key))
                        .findFirst();
        if (entry.getKey().contains(".")) {
            fault(key, "is written in quotes", "write it without them");
        } else if (variable.isPresent()) {
            readVariable(variable.get(), value);
        } else if (table.isPresent()) {
            readWholeTable(table.get(), value);
        } else if (keys().noneMatch(known -> known.startsWith(key + "."))) {
            String written = prefix + entry.getKey();
            fault(written, "is not a known key", insteadOf(written));
        } else if (value.isObject()) {
            readSection(key + ".", value);
        } else {
            fault(key, "must be a section", "write [%s] and its keys below it".formatted(key));
        }
    }

    private void readVariable(Variable variable, JsonNode value) {
        Optional<String> text = value.isArray() ? joined(value) : text(value);
        text.ifPresentOrElse(
                known -> values.put(variable.property(), known),
                () -> fault(variable.key(), "is not valid", wanted(variable.form())));
    }

    /** Leaves out a table with a fault as a whole: the rest of it could have another meaning. */
    private void readWholeTable(Table table, JsonNode value) {
        TomlTree entries = new TomlTree(catalogue, path);
        entries.readTable(table.property(), table, value);
        faults.addAll(entries.faults);
        if (entries.faults.isEmpty()) {
            values.putAll(entries.values);
        }
    }

    private void readTable(String place, Table table, JsonNode value) {
        if (!value.isArray() || !value.valueStream().allMatch(JsonNode::isObject)) {
            String key = place.substring(ROOT.length()).replaceAll("\\[\\d+]", "");
            fault(place, "must be an array of tables", "write [[%s]]".formatted(key));
            return;
        }
        for (int index = 0; index < value.size(); index++) {
            readEntry(element(place, index), table, value.get(index));
        }
    }

    private void readEntry(String place, Table table, JsonNode value) {
        if (value.isEmpty()) {
            fault(place, "is empty", "write its keys, or remove it");
        }
        String prefix = place + ".";
        Set<String> keys =
                readKeys(
                        prefix,
                        value,
                        (key, entry) -> readPlace(prefix + key, key, table, entry.getValue()));
        table.columns().stream()
                .filter(column -> column.mandatory() && !keys.contains(column.key()))
                .forEach(
                        column ->
                                fault(prefix + column.key(), "is missing", wanted(column.form())));
    }

    private void readPlace(String place, String key, Table table, JsonNode value) {
        Optional<Column> column =
                table.columns().stream().filter(known -> known.key().equals(key)).findFirst();
        Optional<Table> nested =
                table.tables().stream().filter(known -> known.property().equals(key)).findFirst();
        if (column.isPresent()) {
            readColumn(place, column.get(), value);
        } else if (nested.isPresent()) {
            readTable(place, nested.get(), value);
        } else {
            Stream<String> known =
                    Stream.concat(
                            table.columns().stream().map(Column::key),
                            table.tables().stream().map(Table::property));
            fault(place, "is not a known key", write(NearName.of(key, known.toList())));
        }
    }

    private void readColumn(String place, Column column, JsonNode value) {
        switch (column.kind()) {
            case TEXT -> put(place, column, text(value));
            case SCALAR -> put(place, column, scalar(value));
            case LIST, FILLED_LIST -> {
                if (!value.isArray()) {
                    fault(place, "must be a list", "write its value in [ ]");
                } else if (value.isEmpty() && column.kind() == Kind.FILLED_LIST) {
                    fault(place, "is empty", wanted(column.form()) + ", or remove it");
                }
                for (int index = 0; index < value.size(); index++) {
                    put(element(place, index), column, text(value.get(index)));
                }
            }
        }
    }

    private void put(String place, Column column, Optional<String> value) {
        value.filter(column.form()::accepts)
                .ifPresentOrElse(
                        text -> values.put(place, text),
                        () -> fault(place, "is not valid", wanted(column.form())));
    }

    private void fault(String property, String problem, String fix) {
        faults.add(new Fault(place(property, path), problem, fix));
    }

    private String insteadOf(String written) {
        return write(
                catalogue.inFile().stream()
                        .filter(variable -> variable.name().equals(written))
                        .map(Variable::key)
                        .findFirst()
                        .or(() -> NearName.of(kebab(written), keys().toList())));
    }

    private Stream<String> keys() {
        return Stream.concat(
                catalogue.inFile().stream().map(Variable::key),
                catalogue.tables().stream()
                        .map(table -> table.property().substring(ROOT.length())));
    }

    private static String write(Optional<String> instead) {
        return instead.map("write %s, or remove it"::formatted).orElse("remove it");
    }

    private static String wanted(Form form) {
        return "set it to " + form.wants();
    }

    private static String element(String place, int index) {
        return place + "[" + index + "]";
    }

    private static String kebab(String key) {
        return key.replace('_', '-');
    }

    /** A string, finite number or boolean as text; empty for anything else, dates included. */
    private static Optional<String> text(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING, BOOLEAN -> Optional.of(value.asText());
            case NUMBER ->
                    value.isIntegralNumber() || value.isBigDecimal()
                            ? Optional.of(value.asText())
                            : Optional.empty();
            default -> Optional.empty();
        };
    }

    /** The same as JSON, which keeps {@code "5"} and {@code 5} distinct. */
    private static Optional<String> scalar(JsonNode value) {
        return text(value).map(text -> value.toString());
    }

    /** A list in the comma-separated form; empty when an element contains a comma. */
    private static Optional<String> joined(JsonNode list) {
        List<Optional<String>> elements =
                list.valueStream()
                        .map(element -> text(element).filter(text -> !text.contains(",")))
                        .toList();
        return elements.stream().allMatch(Optional::isPresent)
                ? Optional.of(elements.stream().map(Optional::get).collect(joining(",")))
                : Optional.empty();
    }
}

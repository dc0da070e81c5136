package services.chorus.seqthink.app;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import services.chorus.seqthink.config.Fault;
import services.chorus.seqthink.config.Table;
import services.chorus.seqthink.config.Table.Column;
import services.chorus.seqthink.config.Table.Kind;

/** An array of tables as indexed properties: {@code policy.rule[0].tool} and so on. */
final class TomlTable {

    private final Map<String, String> values = new TreeMap<>();
    private final List<Fault> faults = new ArrayList<>();

    private TomlTable() {}

    /**
     * Reads all entries.
     *
     * @param name the table's name, as far as it stands in the file
     */
    static TomlTable read(String name, Table table, JsonNode value) {
        TomlTable read = new TomlTable();
        read.readTable(name, table, value);
        return read;
    }

    /** By their names below the root. */
    Map<String, String> values() {
        return values;
    }

    /** Each names its place by a name below the root, too. */
    List<Fault> faults() {
        return faults;
    }

    private void readTable(String place, Table table, JsonNode value) {
        boolean entries = value.isArray() && value.valueStream().allMatch(JsonNode::isObject);
        if (!entries) {
            fault(
                    place,
                    "is no array of tables",
                    "write [[%s]]".formatted(place.replaceAll("\\[\\d+]", "")));
            return;
        }
        for (int index = 0; index < value.size(); index++) {
            readEntry(entry(place, index), table, value.get(index));
        }
    }

    private void readEntry(String entry, Table table, JsonNode value) {
        if (value.isEmpty()) {
            fault(entry, "says nothing", "take it out");
        }
        Set<String> seen = new HashSet<>();
        value.properties()
                .forEach(
                        property -> {
                            String key = TomlValues.kebab(property.getKey());
                            if (seen.add(key)) {
                                readKey(entry + "." + key, key, table, property.getValue());
                            } else {
                                fault(
                                        entry + "." + key,
                                        "stands twice",
                                        "keep one of its two spellings");
                            }
                        });
        table.columns().stream()
                .filter(column -> column.mandatory() && !seen.contains(column.key()))
                .forEach(column -> fault(entry + "." + column.key(), "is missing", wanted(column)));
    }

    private void readKey(String place, String key, Table table, JsonNode value) {
        Optional<Column> column =
                table.columns().stream().filter(known -> known.key().equals(key)).findFirst();
        Optional<Table> nested =
                table.tables().stream().filter(known -> known.property().equals(key)).findFirst();
        if (column.isPresent()) {
            readColumn(place, column.get(), value);
        } else if (nested.isPresent()) {
            readTable(place, nested.get(), value);
        } else {
            fault(place, "is not known", instead(key, table));
        }
    }

    private void readColumn(String place, Column column, JsonNode value) {
        switch (column.kind()) {
            case TEXT -> put(place, column, TomlValues.text(value));
            case SCALAR -> put(place, column, TomlValues.scalar(value));
            case LIST, FILLED_LIST -> {
                if (!value.isArray()) {
                    fault(place, "is no list", "write [ ] around what it holds");
                } else if (value.isEmpty() && column.kind() == Kind.FILLED_LIST) {
                    fault(place, "is empty", wanted(column) + ", or take it out");
                }
                for (int index = 0; index < value.size(); index++) {
                    put(entry(place, index), column, TomlValues.text(value.get(index)));
                }
            }
        }
    }

    private void put(String place, Column column, Optional<String> value) {
        value.filter(column.form()::accepts)
                .ifPresentOrElse(
                        text -> values.put(place, text),
                        () -> fault(place, "is not usable", wanted(column)));
    }

    private void fault(String place, String problem, String fix) {
        faults.add(new Fault(place, problem, fix));
    }

    private static String entry(String place, int index) {
        return place + "[" + index + "]";
    }

    private static String wanted(Column column) {
        return "set it to " + column.form().wants();
    }

    private static String instead(String key, Table table) {
        List<String> known =
                Stream.concat(
                                table.columns().stream().map(Column::key),
                                table.tables().stream().map(Table::property))
                        .toList();
        return NearName.of(key, known)
                .map(near -> "write %s, or take it out".formatted(near))
                .orElse("take it out");
    }
}

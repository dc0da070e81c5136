package services.chorus.seqthink.app;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import services.chorus.seqthink.config.Fault;
import services.chorus.seqthink.config.Table;
import services.chorus.seqthink.config.Variable;

/** What a tree of TOML means as configuration properties: {@code [mcp] timeout} and so on. */
final class TomlProperties {

    static final String ROOT = "seqthink.";

    private static final Pattern INDEX = Pattern.compile("\\[(\\d+)]\\.?");

    private final Path path;
    private final Map<String, String> values = new TreeMap<>();
    private final List<Fault> faults = new ArrayList<>();

    private TomlProperties(Path path) {
        this.path = path;
    }

    static TomlProperties of(Path path, JsonNode tree) {
        TomlProperties properties = new TomlProperties(path);
        properties.readSection("", tree);
        return properties;
    }

    /** A property as people find it in the file, entries of tables counted from 1. */
    static String inWords(String property) {
        String key = property.startsWith(ROOT) ? property.substring(ROOT.length()) : property;
        return INDEX.matcher(key)
                .replaceAll(index -> " #" + (Integer.parseInt(index.group(1)) + 1) + " ")
                .strip();
    }

    TomlFile.Read file() {
        return new TomlFile.Read(path, Map.copyOf(values), List.copyOf(faults));
    }

    private void readSection(String prefix, JsonNode section) {
        Set<String> seen = new HashSet<>();
        section.properties()
                .forEach(
                        entry -> {
                            String key = prefix + TomlValues.kebab(entry.getKey());
                            if (seen.add(key)) {
                                read(key, prefix, entry.getKey(), entry.getValue());
                            } else {
                                fault(key, "stands twice", "keep one of its two spellings");
                            }
                        });
    }

    private void read(String key, String prefix, String written, JsonNode value) {
        Optional<Variable> variable = variable(key);
        Optional<Table> table =
                Variables.tables().stream()
                        .filter(known -> known.property().equals(ROOT + key))
                        .findFirst();
        if (written.contains(".")) {
            fault(key, "has a key with a dot in quotes", "write it without the quotes");
        } else if (variable.isPresent()) {
            readVariable(key, variable.get(), value);
        } else if (table.isPresent()) {
            readTable(key, table.get(), value);
        } else if (keys().anyMatch(known -> known.startsWith(key + "."))) {
            if (value.isObject()) {
                readSection(key + ".", value);
            } else {
                fault(key, "is no section", "write [%s] and its keys below".formatted(key));
            }
        } else {
            fault(prefix + written, "is not known", instead(prefix + written));
        }
    }

    private void readVariable(String key, Variable variable, JsonNode value) {
        Optional<String> text = value.isArray() ? TomlValues.joined(value) : TomlValues.text(value);
        text.ifPresentOrElse(
                known -> values.put(variable.property(), VariableSource.literally(known)),
                () -> fault(key, "is not usable", "set it to " + variable.form().wants()));
    }

    /** A table that has a fault is left out as a whole: half of it could mean something else. */
    private void readTable(String key, Table table, JsonNode value) {
        TomlTable entries = TomlTable.read(key, table, value);
        entries.faults().stream().map(this::inThisFile).forEach(faults::add);
        if (entries.faults().isEmpty()) {
            entries.values()
                    .forEach(
                            (name, text) ->
                                    values.put(ROOT + name, VariableSource.literally(text)));
        }
    }

    private void fault(String key, String problem, String fix) {
        faults.add(inThisFile(new Fault(key, problem, fix)));
    }

    private Fault inThisFile(Fault fault) {
        return new Fault(inWords(fault.variable()) + " in " + path, fault.problem(), fault.fix());
    }

    private static String instead(String written) {
        Optional<String> flat =
                Variables.inToml().stream()
                        .filter(variable -> variable.name().equals(written))
                        .map(variable -> variable.property().substring(ROOT.length()))
                        .findFirst();
        return flat.or(() -> NearName.of(TomlValues.kebab(written), keys().toList()))
                .map(near -> "write %s, or take it out".formatted(near))
                .orElse("take it out");
    }

    private static Optional<Variable> variable(String key) {
        return Variables.inToml().stream()
                .filter(known -> known.property().equals(ROOT + key))
                .findFirst();
    }

    private static Stream<String> keys() {
        return Stream.concat(
                        Variables.inToml().stream().map(Variable::property),
                        Variables.tables().stream().map(Table::property))
                .map(property -> property.substring(ROOT.length()));
    }
}

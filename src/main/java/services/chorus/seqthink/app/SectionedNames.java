package services.chorus.seqthink.app;

import static java.util.stream.Collectors.toUnmodifiableSet;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import services.chorus.seqthink.config.Fault;
import services.chorus.seqthink.config.Form;
import services.chorus.seqthink.config.Table;
import services.chorus.seqthink.config.Table.Column;
import services.chorus.seqthink.config.Variable;

/** The names that variables have by their sections, such as {@code SEQTHINK_MCP_TIMEOUT}. */
final class SectionedNames {

    private static final String PREFIX = "SEQTHINK_";
    private static final String SERVICE_HOST = "_SERVICE_HOST";

    private SectionedNames() {}

    /** MicroProfile Config's mapping of a property to the environment. */
    static String of(Variable variable) {
        return of(variable.property());
    }

    static String of(String property) {
        return property.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }

    /** The names in an environment that look like ours and set nothing. */
    static List<Fault> unknown(Map<String, String> environment) {
        Set<String> known =
                Variables.all().stream().map(SectionedNames::of).collect(toUnmodifiableSet());
        return environment.keySet().stream()
                .filter(name -> name.startsWith(PREFIX))
                .filter(name -> !known.contains(name) && column(name).isEmpty())
                .filter(name -> !isOfKubernetes(name, environment))
                .sorted()
                .map(
                        name ->
                                new Fault(
                                        name,
                                        "sets nothing",
                                        NearName.of(name, known)
                                                .map(near -> "set " + near + " or unset it")
                                                .orElse("unset it")))
                .toList();
    }

    /**
     * The places in tables that are set to nothing. Whatever else is said of them would fall away
     * unseen, such as a scope that a rule in the configuration file asks for.
     *
     * @param said by names of the environment or of properties
     */
    static List<Fault> empty(Map<String, String> said) {
        return said.keySet().stream()
                .filter(
                        name ->
                                column(of(name))
                                        .filter(c -> isEmpty(said.get(name), c))
                                        .isPresent())
                .sorted()
                .map(name -> new Fault(name, "is set but empty", "set it to a value or unset it"))
                .toList();
    }

    /**
     * The names whose value would be looked for elsewhere. What is not found there would fall away
     * unseen; the flat names and the configuration file mean what they say.
     *
     * @param said by names of the environment or of properties
     */
    static List<Fault> expressions(Map<String, String> said) {
        return said.keySet().stream()
                .filter(name -> of(name).startsWith(PREFIX) && said.get(name).contains("${"))
                .sorted()
                .map(
                        name ->
                                new Fault(
                                        name,
                                        "holds ${, which stands for something else",
                                        "write out what is meant, or say it in the configuration"
                                                + " file"))
                .toList();
    }

    private static boolean isEmpty(String value, Column column) {
        return value.isBlank() || (column.isList() && Form.list(value).contains(""));
    }

    /** Whether a name, of the environment or a property's, is a place in a table. */
    static boolean isOfTable(String name) {
        return column(of(name)).isPresent();
    }

    /** The column of a table that a name sets a place of. */
    private static Optional<Column> column(String name) {
        return Variables.tables().stream()
                .flatMap(table -> column(name, of(table.property()), table))
                .findFirst();
    }

    /** Such as {@code SEQTHINK_POLICY_RULE_0__WHEN_1__POINTER}. */
    private static Stream<Column> column(String name, String prefix, Table table) {
        Matcher entry = Pattern.compile(prefix + "_\\d+__").matcher(name);
        if (!entry.lookingAt()) {
            return Stream.empty();
        }
        String rest = name.substring(entry.end());
        return Stream.concat(
                table.columns().stream().filter(column -> isOfColumn(rest, column)),
                table.tables().stream()
                        .flatMap(nested -> column(rest, of(nested.property()), nested)));
    }

    private static boolean isOfColumn(String rest, Column column) {
        String key = of(column.key());
        return rest.equals(key) || (column.isList() && rest.matches(key + "_\\d+_"));
    }

    /** Kubernetes tells every pod of the services around it, by names that they give the prefix. */
    private static boolean isOfKubernetes(String name, Map<String, String> environment) {
        return environment.keySet().stream()
                .filter(host -> host.startsWith("SEQTHINK") && host.endsWith(SERVICE_HOST))
                .map(host -> host.substring(0, host.length() - SERVICE_HOST.length()))
                .anyMatch(
                        service ->
                                name.startsWith(service + "_SERVICE_")
                                        || name.equals(service + "_PORT")
                                        || name.startsWith(service + "_PORT_"));
    }
}

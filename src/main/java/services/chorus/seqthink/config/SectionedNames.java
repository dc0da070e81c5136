package services.chorus.seqthink.config;

import static services.chorus.seqthink.config.Variable.ROOT;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The names of settings by section: properties such as {@code seqthink.mcp.timeout}, and {@code
 * SEQTHINK_MCP_TIMEOUT} in the environment.
 */
final class SectionedNames {

    private static final String PREFIX = "SEQTHINK_";
    private static final String SERVICE_HOST = "_SERVICE_HOST";
    private static final String ANY_INDEX = "[*]";

    private final Catalogue catalogue;
    private final List<Place> places;

    SectionedNames(Catalogue catalogue) {
        this.catalogue = catalogue;
        this.places =
                Stream.concat(
                                catalogue.variables().stream()
                                        .map(variable -> Place.of(variable.property(), false)),
                                catalogue.tables().stream().flatMap(table -> places("", table)))
                        .toList();
    }

    /**
     * Something that a name can set.
     *
     * @param property of a variable, or of a column such as {@code
     *     seqthink.policy.rule[*].when[*].pointer}
     * @param names matches its names in the environment
     * @param isList whether it is a column with comma-separated values
     */
    private record Place(String property, Pattern names, boolean isList) {

        static Place of(String property, boolean isList) {
            String index = SectionedNames.of(ANY_INDEX);
            String names = SectionedNames.of(property).replace(index, "_(\\d{1,6})_");
            return new Place(property, Pattern.compile(names), isList);
        }

        /** The property that a name sets, with its indexes; empty when the name does not match. */
        Optional<String> setBy(String name) {
            Matcher matcher = names.matcher(SectionedNames.of(name));
            if (!matcher.matches()) {
                return Optional.empty();
            }
            String set = property;
            for (int i = 1; i <= matcher.groupCount(); i++) {
                set = set.replaceFirst("\\*", "" + Integer.parseInt(matcher.group(i)));
            }
            return Optional.of(set);
        }

        boolean isInTable() {
            return property.contains(ANY_INDEX);
        }
    }

    private static Stream<Place> places(String parent, Table table) {
        String entry = parent + table.property() + ANY_INDEX + ".";
        return Stream.of(
                        table.columns().stream()
                                .map(column -> Place.of(entry + column.key(), column.isList())),
                        table.columns().stream()
                                .filter(Table.Column::isList)
                                .map(column -> Place.of(entry + column.key() + ANY_INDEX, false)),
                        table.tables().stream().flatMap(nested -> places(entry, nested)))
                .flatMap(found -> found);
    }

    /** The environment variable of a property, as MicroProfile Config maps it. */
    static String of(String property) {
        return property.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }

    /** The values in an environment, by property. */
    Map<String, String> inEnvironment(Map<String, String> environment) {
        Map<String, String> values = new HashMap<>();
        // MicroProfile Config reads names in lower case, too; upper case outranks them
        new TreeMap<>(environment)
                .descendingMap()
                .forEach(
                        (name, value) ->
                                property(name).ifPresent(property -> values.put(property, value)));
        return values;
    }

    Map<String, String> inProperties(Map<String, String> properties) {
        Map<String, String> values = new HashMap<>(properties);
        values.keySet().removeIf(name -> !isProperty(name));
        return values;
    }

    /** A fault for each name with our prefix that sets nothing. */
    List<Fault> unknown(Sources sources) {
        Set<String> environment = sources.environment().keySet();
        Stream<Fault> inEnvironment =
                environment.stream()
                        .filter(name -> name.startsWith(PREFIX) && property(name).isEmpty())
                        .filter(name -> !isOfKubernetes(name, environment))
                        .sorted()
                        .map(name -> unknown(name, SectionedNames::of));
        Stream<Fault> inProperties =
                sources.properties().keySet().stream()
                        .filter(name -> name.startsWith(ROOT) && !isProperty(name))
                        .sorted()
                        .map(name -> unknown(name, property -> property));
        return Stream.concat(inEnvironment, inProperties).toList();
    }

    private Fault unknown(String name, UnaryOperator<String> written) {
        List<String> known =
                catalogue.variables().stream().map(Variable::property).map(written).toList();
        return new Fault(
                name,
                "is not the name of a setting",
                NearName.of(name, known)
                        .map("set %s instead, or unset it"::formatted)
                        .orElse("unset it"));
    }

    /**
     * A fault for each place in a table that is set to an empty value. It would silently replace
     * the value of another source, such as a scope that a rule in the configuration file needs.
     *
     * @param set values by names of the environment or of properties
     */
    List<Fault> empty(Map<String, String> set) {
        return set.keySet().stream()
                .filter(
                        name ->
                                places(name)
                                        .filter(Place::isInTable)
                                        .anyMatch(place -> isEmpty(set.get(name), place)))
                .sorted()
                .map(name -> new Fault(name, "is set but empty", "set it to a value, or unset it"))
                .toList();
    }

    /**
     * A fault for each name whose value contains an expression. Expressions are not expanded,
     * contrary to what their author expects.
     *
     * @param set values by names of the environment or of properties
     */
    static List<Fault> expressions(Map<String, String> set) {
        return set.keySet().stream()
                .filter(name -> of(name).startsWith(PREFIX) && set.get(name).contains("${"))
                .sorted()
                .map(
                        name ->
                                new Fault(
                                        name,
                                        "contains ${, and references are not expanded",
                                        "write the value itself; if it really contains ${, set it"
                                                + " in the TOML file"))
                .toList();
    }

    private static boolean isEmpty(String value, Place place) {
        return value.isBlank() || (place.isList && Form.list(value).contains(""));
    }

    private boolean isProperty(String name) {
        return property(name).filter(name::equals).isPresent();
    }

    private Optional<String> property(String name) {
        return places(name).flatMap(place -> place.setBy(name).stream()).findFirst();
    }

    /** What a name of the environment or of a property sets. */
    private Stream<Place> places(String name) {
        return of(name).startsWith(PREFIX)
                ? places.stream().filter(place -> place.setBy(name).isPresent())
                : Stream.empty();
    }

    /** Kubernetes sets such variables in every pod for a service whose name begins with ours. */
    private static boolean isOfKubernetes(String name, Set<String> environment) {
        return environment.stream()
                .filter(host -> host.startsWith("SEQTHINK") && host.endsWith(SERVICE_HOST))
                .map(host -> host.substring(0, host.length() - SERVICE_HOST.length()))
                .anyMatch(
                        service ->
                                name.startsWith(service + "_SERVICE_")
                                        || name.equals(service + "_PORT")
                                        || name.startsWith(service + "_PORT_"));
    }
}

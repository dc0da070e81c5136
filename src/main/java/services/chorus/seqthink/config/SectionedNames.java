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
 * The names that settings have by their sections: properties such as {@code seqthink.mcp.timeout},
 * and in the environment {@code SEQTHINK_MCP_TIMEOUT}.
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
     * What a name can set.
     *
     * @param property of a variable, or of a column such as {@code
     *     seqthink.policy.rule[*].when[*].pointer}
     * @param names what its names look like in the environment
     * @param isList whether it is a column that holds several values, comma-separated
     */
    private record Place(String property, Pattern names, boolean isList) {

        static Place of(String property, boolean isList) {
            String index = SectionedNames.of(ANY_INDEX);
            String names = SectionedNames.of(property).replace(index, "_(\\d{1,6})_");
            return new Place(property, Pattern.compile(names), isList);
        }

        /** The property that a name sets, with its indexes; empty when it is no name of this. */
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

    /** MicroProfile Config's mapping of a property to the environment. */
    static String of(String property) {
        return property.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }

    /** What an environment sets, by property. */
    Map<String, String> inEnvironment(Map<String, String> environment) {
        Map<String, String> values = new HashMap<>();
        // the same name in lower case, which MicroProfile Config reads too, gives way
        new TreeMap<>(environment)
                .descendingMap()
                .forEach(
                        (name, value) ->
                                property(name).ifPresent(property -> values.put(property, value)));
        return values;
    }

    /** What properties set. */
    Map<String, String> inProperties(Map<String, String> properties) {
        Map<String, String> values = new HashMap<>(properties);
        values.keySet().removeIf(name -> !isProperty(name));
        return values;
    }

    /** The names of both kinds that have our prefix and set nothing. */
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
                "sets nothing",
                NearName.of(name, known).map("set %s or unset it"::formatted).orElse("unset it"));
    }

    /**
     * The places in tables that are set to nothing. What another source says of them would be lost
     * unseen, such as a scope that a rule in the configuration file asks for.
     *
     * @param set by names of the environment or of properties
     */
    List<Fault> empty(Map<String, String> set) {
        return set.keySet().stream()
                .filter(
                        name ->
                                places(name)
                                        .filter(Place::isInTable)
                                        .anyMatch(place -> isEmpty(set.get(name), place)))
                .sorted()
                .map(name -> new Fault(name, "is set but empty", "set it to a value or unset it"))
                .toList();
    }

    /**
     * The names whose value looks like an expression that stands for another value. None is
     * expanded, and whoever wrote one expects that it is.
     *
     * @param set by names of the environment or of properties
     */
    static List<Fault> expressions(Map<String, String> set) {
        return set.keySet().stream()
                .filter(name -> of(name).startsWith(PREFIX) && set.get(name).contains("${"))
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

    private static boolean isEmpty(String value, Place place) {
        return value.isBlank() || (place.isList && Form.list(value).contains(""));
    }

    private boolean isProperty(String name) {
        return property(name).filter(name::equals).isPresent();
    }

    private Optional<String> property(String name) {
        return places(name).flatMap(place -> place.setBy(name).stream()).findFirst();
    }

    /** What a name, of the environment or a property's, sets. */
    private Stream<Place> places(String name) {
        return of(name).startsWith(PREFIX)
                ? places.stream().filter(place -> place.setBy(name).isPresent())
                : Stream.empty();
    }

    /** Kubernetes tells every pod of the services around it, by names that they give the prefix. */
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

package services.chorus.seqthink.config;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The values of all settings, read once from every source: in rising order the defaults, the
 * configuration file, the environment's sectioned names, its flat names, properties, and the
 * variables of the platform. Expressions in values are not expanded. Immutable.
 */
public final class Settings {

    private static final int ORDINAL = 100; // any, since there is one source

    private final Catalogue catalogue;
    private final Sources sources;
    private final TomlFile file;
    private final SectionedNames names;

    /** The values that do not come from the configuration file. */
    private final Map<String, String> aboveFile = new HashMap<>();

    private final Map<String, String> values = new HashMap<>();

    /**
     * Reads every source. Faults are not thrown but reported by {@link #unreadable()}, {@link
     * #faultsOfSources()} and {@link #fault(Variable)}.
     */
    public Settings(Catalogue catalogue, Sources sources) {
        this.catalogue = catalogue;
        this.sources = sources;
        this.names = new SectionedNames(catalogue);
        Map<String, String> flat = new HashMap<>();
        Map<String, String> byPlatform = new HashMap<>();
        for (Variable variable : catalogue.variables()) {
            Map<String, String> layer = variable.platformAlias().isPresent() ? byPlatform : flat;
            variable.in(sources.environment())
                    .ifPresent(value -> layer.put(variable.property(), value));
            values.put(variable.property(), variable.defaultValue());
        }
        lay(names.inEnvironment(sources.environment()), aboveFile);
        lay(flat, aboveFile);
        lay(names.inProperties(sources.properties()), aboveFile);
        lay(byPlatform, aboveFile);
        Optional<String> path = Optional.ofNullable(aboveFile.get(TomlFile.PATH.property()));
        this.file = TomlFile.read(catalogue, path);
        values.values().removeIf(String::isEmpty);
        lay(file.values(), values);
        lay(aboveFile, values);
    }

    /** Why the values are unknown. If there is a reason, no other fault is meaningful. */
    public List<Fault> unreadable() {
        return unreadableFile()
                .map(List::of)
                .orElseGet(
                        () ->
                                Stream.of(sources.environment(), sources.properties())
                                        .flatMap(set -> SectionedNames.expressions(set).stream())
                                        .toList());
    }

    /** Why the configuration file could not be read or parsed. */
    public Optional<Fault> unreadableFile() {
        return file.isReadable() ? Optional.empty() : file.faults().stream().findFirst();
    }

    /** Faults of unknown names, of places in tables, and of the file. */
    public List<Fault> faultsOfSources() {
        return Stream.of(
                        names.unknown(sources),
                        names.empty(sources.environment()),
                        names.empty(sources.properties()),
                        file.faults())
                .flatMap(List::stream)
                .toList();
    }

    /** Faults of the syntax of the variables' values, from every source. */
    public List<Fault> faults(Collection<Variable> variables) {
        return variables.stream().flatMap(variable -> fault(variable).stream()).toList();
    }

    /** The fault of the syntax of one variable's value. */
    public Optional<Fault> fault(Variable variable) {
        return variable.in(sources.environment())
                .or(() -> Optional.ofNullable(values.get(variable.property())))
                .flatMap(variable::fault);
    }

    /** The same fault, under the name by which the value was set. */
    public Fault placed(Fault fault) {
        String name = fault.variable();
        Optional<String> ofVariable =
                catalogue.variables().stream()
                        .filter(variable -> variable.name().equals(name))
                        .map(Variable::property)
                        .findFirst();
        return ofVariable
                .filter(property -> !aboveFile.containsKey(property))
                .flatMap(file::place)
                .map(place -> name + " (" + place + ")")
                .or(() -> file.place(name))
                .or(() -> placeInEnvironment(name))
                .map(place -> new Fault(place, fault.problem(), fault.fix()))
                .orElse(fault);
    }

    /** The name of an entry of a table, or of a place in it, that is set in the environment. */
    private Optional<String> placeInEnvironment(String name) {
        boolean set =
                name.startsWith(Variable.ROOT)
                        && sources.properties().keySet().stream()
                                .noneMatch(property -> property.startsWith(name));
        String sectioned = SectionedNames.of(name);
        return set
                ? Optional.of(name.endsWith("]") ? sectioned + "_*" : sectioned)
                : Optional.empty();
    }

    /**
     * The settings as a configuration with the mappings of all sections. Variables whose value has
     * a {@link #fault(Variable)} have their defaults in it.
     */
    public SmallRyeConfig config() {
        SmallRyeConfigBuilder builder =
                new SmallRyeConfigBuilder()
                        .addDiscoveredConverters()
                        .withValidateUnknown(false) // several sections share a prefix
                        .withSources(new PropertiesConfigSource(usable(), "settings", ORDINAL));
        catalogue.sections().forEach(section -> builder.withMapping(section.mapping()));
        return builder.build();
    }

    /** One section, even if others have faults. */
    public <T> T section(Class<T> mapping) {
        return config().getConfigMapping(mapping);
    }

    private Map<String, String> usable() {
        Map<String, String> usable = new HashMap<>(values);
        catalogue.variables().stream()
                .filter(variable -> fault(variable).isPresent())
                .forEach(variable -> usable.put(variable.property(), variable.defaultValue()));
        usable.values().removeIf(String::isEmpty);
        return usable;
    }

    /**
     * Puts values above others. A list in one value replaces a list set by its elements, and the
     * other way round.
     */
    private static void lay(Map<String, String> layer, Map<String, String> below) {
        below.keySet()
                .removeIf(
                        property ->
                                layer.keySet().stream()
                                        .anyMatch(
                                                set ->
                                                        isElement(set, property)
                                                                || isElement(property, set)));
        below.putAll(layer);
    }

    private static boolean isElement(String property, String list) {
        return property.startsWith(list + "[");
    }
}

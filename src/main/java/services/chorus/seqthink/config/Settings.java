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
 * configuration file, the environment's sectioned names, its flat names, properties, and what the
 * platform sets. Values mean what they say; no expression in them is expanded. Immutable.
 */
public final class Settings {

    private static final int ORDINAL = 100; // of the only source, so any will do

    private final Catalogue catalogue;
    private final Sources sources;
    private final TomlFile file;
    private final SectionedNames names;

    /** What is set elsewhere than in the file. */
    private final Map<String, String> aboveFile = new HashMap<>();

    private final Map<String, String> values = new HashMap<>();

    /**
     * Reads them. Nothing is thrown for what is wrong with them; {@link #unreadable()}, {@link
     * #faultsOfSources()} and {@link #fault(Variable)} say it.
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

    /**
     * Why it is not known what is set; whatever else could be said of the settings is void then.
     */
    public List<Fault> unreadable() {
        return unreadableFile()
                .map(List::of)
                .orElseGet(
                        () ->
                                Stream.of(sources.environment(), sources.properties())
                                        .flatMap(set -> SectionedNames.expressions(set).stream())
                                        .toList());
    }

    /** Why it is not known what the configuration file sets; the other sources stay known. */
    public Optional<Fault> unreadableFile() {
        return file.isReadable() ? Optional.empty() : file.faults().stream().findFirst();
    }

    /** What is wrong with names that set nothing, with places in tables, and with the file. */
    public List<Fault> faultsOfSources() {
        return Stream.of(
                        names.unknown(sources),
                        names.empty(sources.environment()),
                        names.empty(sources.properties()),
                        file.faults())
                .flatMap(List::stream)
                .toList();
    }

    /** What is wrong with the form of the variables' values, whatever source they come from. */
    public List<Fault> faults(Collection<Variable> variables) {
        return variables.stream().flatMap(variable -> fault(variable).stream()).toList();
    }

    /** What is wrong with the form of one variable's value. */
    public Optional<Fault> fault(Variable variable) {
        return variable.in(sources.environment())
                .or(() -> Optional.ofNullable(values.get(variable.property())))
                .flatMap(variable::fault);
    }

    /** The same fault, with the place in the configuration file where it comes from there. */
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
                .map(place -> new Fault(place, fault.problem(), fault.fix()))
                .orElse(fault);
    }

    /**
     * The settings as a configuration with the mappings of all sections. Variables whose value has
     * a {@link #fault(Variable)} keep their defaults in it.
     */
    public SmallRyeConfig config() {
        return config(catalogue.sections().stream().<Class<?>>map(Section::mapping).toList());
    }

    /** One section by its mapping, whatever is wrong with the others. */
    public <T> T section(Class<T> mapping) {
        return config(List.of(mapping)).getConfigMapping(mapping);
    }

    private SmallRyeConfig config(List<Class<?>> mappings) {
        SmallRyeConfigBuilder builder =
                new SmallRyeConfigBuilder()
                        .addDiscoveredConverters()
                        .withValidateUnknown(false) // several sections share a prefix
                        .withSources(new PropertiesConfigSource(usable(), "settings", ORDINAL));
        mappings.forEach(builder::withMapping);
        return builder.build();
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
     * Lays values over others. A list that is set anew, in one value or by its elements, replaces
     * one that is written the other way.
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

package services.chorus.seqthink.app;

import static java.util.stream.Collectors.toUnmodifiableMap;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import services.chorus.seqthink.config.Fault;
import services.chorus.seqthink.config.Variable;

/**
 * Where a configuration comes from.
 *
 * @param environment variables by name, as {@link System#getenv()} gives them
 * @param properties configuration properties above the environment, as {@code -D} gives them
 * @param toml the configuration file that the two name, as it was when it was read
 * @param silenced the names of variables that keep their defaults
 */
public record Sources(
        Map<String, String> environment,
        Map<String, String> properties,
        TomlFile toml,
        Set<String> silenced) {

    private static final int ABOVE_ALL = 1000;
    // MicroProfile Config's ordinals
    private static final int PROPERTIES = 400;
    private static final int ENVIRONMENT = 300;

    public Sources(Map<String, String> environment, Map<String, String> properties) {
        this(environment, properties, TomlFile.of(environment, properties), Set.of());
    }

    public static Sources ofThisProcess() {
        return new Sources(
                System.getenv(),
                System.getProperties().stringPropertyNames().stream()
                        .collect(toUnmodifiableMap(name -> name, System::getProperty)));
    }

    /** A configuration of these sources, yet without mappings. */
    public SmallRyeConfigBuilder builder() {
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addDiscoveredConverters()
                .withSources(
                        new PropertiesConfigSource(silence(), "silence", ABOVE_ALL),
                        new VariableSource.Port(environment),
                        new PropertiesConfigSource(properties, "properties", PROPERTIES),
                        new VariableSource(environment),
                        new EnvConfigSource(environment, ENVIRONMENT),
                        new TomlSource(toml),
                        new VariableSource.Defaults());
    }

    /** What the environment's flat name says of a variable, an empty text included. */
    Optional<String> said(Variable variable) {
        return VariableSource.value(variable, environment);
    }

    /** The same fault, with the place in the configuration file where it comes from there. */
    Fault placed(Fault fault) {
        if (!(toml instanceof TomlFile.Read file)) {
            return fault;
        }
        SmallRyeConfig config = builder().build();
        return Variables.all().stream()
                .filter(variable -> variable.name().equals(fault.variable()))
                .filter(
                        variable ->
                                TomlSource.NAME.equals(
                                        config.getConfigValue(variable.property())
                                                .getConfigSourceName()))
                .findFirst()
                .map(variable -> file.placed(fault, variable))
                .orElseGet(() -> file.placedInTable(fault));
    }

    /** The same, but with another configuration file, above whatever else names one. */
    public Sources reading(Path file) {
        var named = new HashMap<>(properties);
        named.put(TomlFile.PATH.property(), file.toString());
        return new Sources(environment, Map.copyOf(named));
    }

    /** The same, but with the defaults of some variables above whatever is said of them. */
    Sources silencing(Set<String> names) {
        return new Sources(environment, properties, toml, names);
    }

    private Map<String, String> silence() {
        // an empty text is no value to MicroProfile Config
        return Variables.all().stream()
                .filter(variable -> silenced.contains(variable.name()))
                .collect(toUnmodifiableMap(Variable::property, Variable::defaultValue));
    }
}

package services.chorus.seqthink.cli;

import static java.util.stream.Collectors.toUnmodifiableMap;
import static java.util.stream.Collectors.toUnmodifiableSet;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import services.chorus.seqthink.settings.Variable;

/**
 * Where a configuration comes from.
 *
 * @param environment variables by name, as {@link System#getenv()} gives them
 * @param properties configuration properties above the environment, as {@code -D} gives them
 */
record Sources(Map<String, String> environment, Map<String, String> properties) {

    // MicroProfile Config's ordinals
    private static final int PROPERTIES = 400;
    private static final int ENVIRONMENT = 300;

    static Sources ofThisProcess() {
        return new Sources(
                System.getenv(),
                System.getProperties().stringPropertyNames().stream()
                        .collect(toUnmodifiableMap(name -> name, System::getProperty)));
    }

    /** A configuration of these sources, yet without mappings. */
    SmallRyeConfigBuilder builder() {
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addDiscoveredConverters()
                .withSources(
                        new PropertiesConfigSource(properties, "properties", PROPERTIES),
                        new VariableSource(environment),
                        new EnvConfigSource(environment, ENVIRONMENT),
                        new VariableSource.Defaults());
    }

    /** What the environment's flat name says of a variable, an empty text included. */
    Optional<String> said(Variable variable) {
        return VariableSource.value(variable, environment);
    }

    /** The same without what any of the sources says of some variables. */
    Sources without(Set<String> names) {
        Set<String> unwanted =
                Variables.all().stream()
                        .filter(variable -> names.contains(variable.name()))
                        .map(Variable::property)
                        .collect(toUnmodifiableSet());
        return new Sources(
                environment.entrySet().stream()
                        .filter(entry -> !names.contains(entry.getKey()))
                        .filter(entry -> !unwanted.contains(asProperty(entry.getKey())))
                        .collect(toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue)),
                properties.entrySet().stream()
                        .filter(entry -> !unwanted.contains(entry.getKey()))
                        .collect(toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue)));
    }

    /** {@code SEQTHINK_MCP_TIMEOUT} as {@code seqthink.mcp.timeout}. */
    private static String asProperty(String name) {
        return name.toLowerCase(Locale.ROOT)
                .replaceFirst("_", ".")
                .replaceFirst("_", ".")
                .replace('_', '-');
    }
}

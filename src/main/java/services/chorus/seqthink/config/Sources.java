package services.chorus.seqthink.config;

import static java.util.stream.Collectors.toUnmodifiableMap;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Where settings come from, apart from the configuration file that these name.
 *
 * @param environment variables by name, as {@link System#getenv()} gives them
 * @param properties configuration properties above the environment, as {@code -D} gives them
 */
public record Sources(Map<String, String> environment, Map<String, String> properties) {

    public static Sources ofThisProcess() {
        return new Sources(
                System.getenv(),
                System.getProperties().stringPropertyNames().stream()
                        .collect(toUnmodifiableMap(name -> name, System::getProperty)));
    }

    /** The same, but with another configuration file, above whatever else names one. */
    public Sources reading(Path file) {
        var named = new HashMap<>(properties);
        named.put(TomlFile.PATH.property(), file.toString());
        return new Sources(environment, Map.copyOf(named));
    }
}

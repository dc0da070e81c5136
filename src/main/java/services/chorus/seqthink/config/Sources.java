package services.chorus.seqthink.config;

import static java.util.stream.Collectors.toUnmodifiableMap;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The sources of settings, except for the configuration file, whose path is in one of them.
 *
 * @param environment variables by name, as in {@link System#getenv()}
 * @param properties system properties, which outrank the environment
 */
public record Sources(Map<String, String> environment, Map<String, String> properties) {

    public static Sources ofThisProcess() {
        return new Sources(
                System.getenv(),
                System.getProperties().stringPropertyNames().stream()
                        .collect(toUnmodifiableMap(name -> name, System::getProperty)));
    }

    /** The same sources with this configuration file instead of any other. */
    public Sources reading(Path file) {
        var named = new HashMap<>(properties);
        named.put(TomlFile.PATH.property(), file.toString());
        return new Sources(environment, Map.copyOf(named));
    }
}

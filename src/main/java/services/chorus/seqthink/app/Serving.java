package services.chorus.seqthink.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.smallrye.config.SmallRyeConfig;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import services.chorus.seqthink.config.Variable;
import services.chorus.seqthink.hash.Sha256;

/**
 * Whether this process is one that serves. Quarkus makes the sources of the service loader at build
 * time, too, and would write into the artefact what they found on the machine that builds it.
 */
public final class Serving {

    static final String PROPERTY = "seqthink.cli.serving";

    private Serving() {}

    /** Lets Quarkus see what this process is told, which was judged. */
    public static void begin(Sources judged) {
        System.setProperty(PROPERTY, fingerprint(judged.builder().build()));
    }

    /**
     * Whether these are the settings that were judged. Quarkus reads more than we do (a {@code
     * .env} and a {@code config/application.properties} where it starts), and the configuration
     * file a second time.
     */
    static boolean isAsJudged(SmallRyeConfig served) {
        String judged = System.getProperty(PROPERTY);
        return judged == null || judged.equals(fingerprint(served));
    }

    /** What this process is told, when it serves; else nothing. */
    static Sources sources() {
        return System.getProperty(PROPERTY) != null
                ? Sources.ofThisProcess()
                : new Sources(Map.of(), Map.of(), new TomlFile.Absent(), Set.of());
    }

    private static String fingerprint(SmallRyeConfig config) {
        Stream<String> ofTables =
                StreamSupport.stream(config.getPropertyNames().spliterator(), false)
                        .filter(SectionedNames::isOfTable);
        Map<String, Set<String>> values = new TreeMap<>();
        Stream.concat(Variables.all().stream().map(Variable::property), ofTables)
                .forEach(
                        name ->
                                Optional.ofNullable(config.getConfigValue(name).getValue())
                                        .ifPresent(
                                                value ->
                                                        values.computeIfAbsent(
                                                                        SectionedNames.of(name),
                                                                        none -> new TreeSet<>())
                                                                .add(value)));
        return Sha256.base64url(values.toString().getBytes(UTF_8));
    }
}

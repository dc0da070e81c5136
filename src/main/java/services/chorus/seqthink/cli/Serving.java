package services.chorus.seqthink.cli;

import java.util.Map;
import java.util.Set;

/**
 * Whether this process is one that serves. Quarkus makes the sources of the service loader at build
 * time, too, and would write into the artefact what they found on the machine that builds it.
 */
final class Serving {

    static final String PROPERTY = "seqthink.cli.serving";

    private Serving() {}

    /** Lets Quarkus see what this process is told. */
    static void begin() {
        System.setProperty(PROPERTY, "true");
    }

    /** What this process is told, when it serves; else nothing. */
    static Sources sources() {
        return Boolean.getBoolean(PROPERTY)
                ? Sources.ofThisProcess()
                : new Sources(Map.of(), Map.of(), new TomlFile.Absent(), Set.of());
    }
}

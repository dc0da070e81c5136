package services.chorus.seqthink.app;

import static java.util.stream.Collectors.joining;

import io.smallrye.config.common.MapBackedConfigSource;
import services.chorus.seqthink.config.Fault;

/**
 * The configuration file as configuration properties: above whatever the artefact brings along,
 * below the environment.
 */
public final class TomlSource extends MapBackedConfigSource {

    static final String NAME = "toml";

    private static final long serialVersionUID = 1L;
    private static final int BELOW_ENVIRONMENT = 298;

    /**
     * For the service loader: reads the file of a process that serves.
     *
     * @throws IllegalStateException when it has a fault; the check before the start has named it,
     *     so it came since, and a door must not open without the rules that stood there
     */
    public TomlSource() {
        this(faultless(Serving.sources().toml()));
    }

    TomlSource(TomlFile file) {
        super(NAME, file.said(), BELOW_ENVIRONMENT);
    }

    private static TomlFile faultless(TomlFile file) {
        if (!file.faults().isEmpty()) {
            throw new IllegalStateException(
                    file.faults().stream().map(Fault::line).collect(joining("; ")));
        }
        return file;
    }
}

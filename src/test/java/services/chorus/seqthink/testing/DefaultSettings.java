package services.chorus.seqthink.testing;

import static java.util.stream.Collectors.toUnmodifiableMap;

import io.smallrye.config.common.MapBackedConfigSource;
import services.chorus.seqthink.app.Configuration;
import services.chorus.seqthink.config.Variable;

/**
 * The defaults of all variables for tests that start Quarkus without {@code serve}, which otherwise
 * passes them on.
 */
public final class DefaultSettings extends MapBackedConfigSource {

    private static final long serialVersionUID = 1L;
    private static final int BELOW_ALL = 10;

    /** For the service loader. */
    public DefaultSettings() {
        super(
                "defaults",
                Configuration.CATALOGUE.variables().stream()
                        .filter(variable -> !variable.defaultValue().isEmpty())
                        .collect(toUnmodifiableMap(Variable::property, Variable::defaultValue)),
                BELOW_ALL);
    }
}

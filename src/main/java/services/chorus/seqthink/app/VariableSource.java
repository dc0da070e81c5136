package services.chorus.seqthink.app;

import static java.util.stream.Collectors.toUnmodifiableMap;

import io.smallrye.config.common.MapBackedConfigSource;
import java.util.Map;
import java.util.Optional;
import services.chorus.seqthink.config.Variable;

/**
 * The flat names of the environment as configuration properties: above the {@code
 * SEQTHINK_SECTION_KEY} form, which the environment source reads at ordinal 300, and below system
 * properties at 400.
 */
public final class VariableSource extends MapBackedConfigSource {

    private static final long serialVersionUID = 1L;
    private static final int ABOVE_ENVIRONMENT = 310;
    private static final int ABOVE_PROPERTIES = 410;
    private static final int BELOW_ALL = 10;
    private static final String PORT_NAMED = "PORT_REST";

    /** For the service loader: reads the environment of a process that serves. */
    public VariableSource() {
        this(Serving.sources().environment());
    }

    VariableSource(Map<String, String> environment) {
        super("variables", values(environment), ABOVE_ENVIRONMENT);
    }

    /** What the environment says of a variable, an empty text included. */
    static Optional<String> value(Variable variable, Map<String, String> environment) {
        return Optional.ofNullable(environment.get(variable.name()))
                .or(
                        () ->
                                variable.equals(Variables.PORT)
                                        ? Optional.ofNullable(environment.get(PORT_NAMED))
                                        : Optional.empty());
    }

    private static Map<String, String> values(Map<String, String> environment) {
        return Variables.all().stream()
                .filter(variable -> value(variable, environment).isPresent())
                .collect(
                        toUnmodifiableMap(
                                Variable::property,
                                variable -> literally(value(variable, environment).orElseThrow())));
    }

    /** What somebody set is meant as it stands, not as an expression to expand. */
    static String literally(String value) {
        return value.replace("$", "\\$");
    }

    /** The port that whoever runs this process tells it, above every other source. */
    public static final class Port extends MapBackedConfigSource {

        private static final long serialVersionUID = 1L;

        /** For the service loader: reads the environment of a process that serves. */
        public Port() {
            this(Serving.sources().environment());
        }

        Port(Map<String, String> environment) {
            super(
                    "port",
                    value(Variables.PORT, environment)
                            .map(port -> Map.of(Variables.PORT.property(), literally(port)))
                            .orElseGet(Map::of),
                    ABOVE_PROPERTIES);
        }
    }

    /** The defaults of all variables, below every other source. */
    public static final class Defaults extends MapBackedConfigSource {

        private static final long serialVersionUID = 1L;

        /** For the service loader. */
        public Defaults() {
            super(
                    "defaults",
                    Variables.all().stream()
                            .filter(variable -> !variable.defaultValue().isEmpty())
                            .collect(toUnmodifiableMap(Variable::property, Variable::defaultValue)),
                    BELOW_ALL);
        }
    }
}

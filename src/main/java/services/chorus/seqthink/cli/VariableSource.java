package services.chorus.seqthink.cli;

import static java.util.stream.Collectors.toUnmodifiableMap;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.spi.ConfigSource;
import services.chorus.seqthink.settings.Variable;

/**
 * The flat names of the environment as configuration properties: above the {@code
 * SEQTHINK_SECTION_KEY} form, which the environment source reads at ordinal 300, and below system
 * properties at 400.
 */
public final class VariableSource implements ConfigSource {

    private static final int ABOVE_ENVIRONMENT = 310;
    private static final String PORT_NAMED = "PORT_REST";

    private final Map<String, String> values;

    /** For the service loader: reads this process's environment. */
    public VariableSource() {
        this(System.getenv());
    }

    VariableSource(Map<String, String> environment) {
        this.values =
                Variables.all().stream()
                        .filter(variable -> value(variable, environment).isPresent())
                        .collect(
                                toUnmodifiableMap(
                                        Variable::property,
                                        variable ->
                                                literally(
                                                        value(variable, environment)
                                                                .orElseThrow())));
    }

    /** What is in the environment is meant as it stands, not as an expression to expand. */
    private static String literally(String value) {
        return value.replace("$", "\\$");
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

    @Override
    public Map<String, String> getProperties() {
        return values;
    }

    @Override
    public Set<String> getPropertyNames() {
        return values.keySet();
    }

    @Override
    public String getValue(String property) {
        return values.get(property);
    }

    @Override
    public String getName() {
        return "variables";
    }

    @Override
    public int getOrdinal() {
        return ABOVE_ENVIRONMENT;
    }

    /** The defaults of all variables, below every other source. */
    public static final class Defaults implements ConfigSource {

        private static final int BELOW_ALL = 10;

        private final Map<String, String> values =
                Variables.all().stream()
                        .filter(variable -> !variable.defaultValue().isEmpty())
                        .collect(toUnmodifiableMap(Variable::property, Variable::defaultValue));

        @Override
        public Map<String, String> getProperties() {
            return values;
        }

        @Override
        public Set<String> getPropertyNames() {
            return values.keySet();
        }

        @Override
        public String getValue(String property) {
            return values.get(property);
        }

        @Override
        public String getName() {
            return "defaults";
        }

        @Override
        public int getOrdinal() {
            return BELOW_ALL;
        }
    }
}

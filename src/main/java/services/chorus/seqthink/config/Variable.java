package services.chorus.seqthink.config;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * One name that an operator can set in the environment.
 *
 * @param name the flat name, such as {@code MCP_TIMEOUT}
 * @param property the configuration property behind it, such as {@code seqthink.mcp.timeout}
 * @param defaultValue what holds when it is unset; empty when nothing does
 * @param form what its value must look like
 * @param meaning one sentence for the README's table
 */
public record Variable(
        String name, String property, String defaultValue, Form form, String meaning) {

    public Variable {
        requireNonNull(name, "name is null");
        requireNonNull(property, "property is null");
        requireNonNull(defaultValue, "defaultValue is null");
        requireNonNull(form, "form is null");
        requireNonNull(meaning, "meaning is null");
    }

    /** A variable that has a default. */
    public static Variable of(
            String name, String property, String defaultValue, Form form, String meaning) {
        return new Variable(name, property, defaultValue, form, meaning);
    }

    /** A variable that holds nothing until it is set. */
    public static Variable of(String name, String property, Form form, String meaning) {
        return new Variable(name, property, "", form, meaning);
    }

    /**
     * What is wrong with a value that was set. Set but empty is always a fault: a deployment that
     * meant to set a thing must not fall back to a default unseen.
     */
    public Optional<Fault> fault(String value) {
        if (value.isBlank()) {
            return Optional.of(
                    new Fault(
                            name,
                            "is set but empty",
                            "set it to " + form.wants() + " or unset it"));
        }
        return form.accepts(value)
                ? Optional.empty()
                : Optional.of(new Fault(name, "is not usable", "set it to " + form.wants()));
    }
}

package services.chorus.seqthink.config;

import java.util.Map;
import java.util.Optional;

/**
 * One name that an operator can set in the environment.
 *
 * @param name the flat name, such as {@code MCP_TIMEOUT}
 * @param key the section and the key in it, such as {@code mcp.timeout}: its place in a TOML file
 * @param defaultValue the value when it is unset; empty when there is none
 * @param form what its value must look like
 * @param meaning one sentence for the README's table
 * @param platformAlias another flat name for it, of a variable that the platform sets: its flat
 *     names outrank every other source
 */
public record Variable(
        String name,
        String key,
        String defaultValue,
        Form form,
        String meaning,
        Optional<String> platformAlias) {

    /** What the properties of all variables begin with. */
    public static final String ROOT = "seqthink.";

    /** The same variable, set by the platform, which may name it by the alias instead. */
    public Variable setByPlatform(String alias) {
        return new Variable(name, key, defaultValue, form, meaning, Optional.of(alias));
    }

    /** The configuration property behind it, such as {@code seqthink.mcp.timeout}. */
    public String property() {
        return ROOT + key;
    }

    /** The value under its flat names in an environment, an empty text included. */
    public Optional<String> in(Map<String, String> environment) {
        return Optional.ofNullable(environment.get(name))
                .or(() -> platformAlias.map(environment::get));
    }

    /**
     * What is wrong with a value that was set. Set but empty is always a fault: a deployment that
     * meant to set a thing must not fall back to a default unseen.
     */
    public Optional<Fault> fault(String value) {
        if (value.isBlank()) {
            return Optional.of(
                    fault("is set but empty", "set it to " + form.wants() + " or unset it"));
        }
        return form.accepts(value) ? Optional.empty() : Optional.of(unusable());
    }

    /** The fault of a value that is not what {@link #form()} or a later check wants. */
    public Fault unusable() {
        return fault("is not usable", "set it to " + form.wants());
    }

    /** The fault of a value that is needed and not set. */
    public Fault missing() {
        return fault("is missing", "set it to " + form.wants());
    }

    /** A fault of this variable. */
    public Fault fault(String problem, String fix) {
        return new Fault(name, problem, fix);
    }
}

package services.chorus.seqthink.config;

import java.util.Map;
import java.util.Optional;

/**
 * A setting with a name of its own in the environment.
 *
 * @param name the flat name, such as {@code MCP_TIMEOUT}
 * @param key its place in a TOML file, such as {@code mcp.timeout}
 * @param defaultValue the value when it is not set; empty when there is none
 * @param form the syntax of its value
 * @param meaning its description in the documents, in Markdown
 * @param essential whether README.md documents it; docs/configuration.md documents the others
 * @param platformAlias another flat name, for a variable that the platform sets: the flat names of
 *     such a variable outrank every other source
 */
public record Variable(
        String name,
        String key,
        String defaultValue,
        Form form,
        String meaning,
        boolean essential,
        Optional<String> platformAlias) {

    /** The prefix of all our properties. */
    public static final String ROOT = "seqthink.";

    Variable setByPlatform(String alias) {
        return new Variable(name, key, defaultValue, form, meaning, essential, Optional.of(alias));
    }

    /** The configuration property, such as {@code seqthink.mcp.timeout}. */
    public String property() {
        return ROOT + key;
    }

    /** The name by section in the environment, such as {@code SEQTHINK_MCP_TIMEOUT}. */
    public String sectionedName() {
        return SectionedNames.of(property());
    }

    /** The value under its flat names in an environment, possibly empty. */
    Optional<String> in(Map<String, String> environment) {
        return Optional.ofNullable(environment.get(name))
                .or(() -> platformAlias.map(environment::get));
    }

    /**
     * What is wrong with a value that was set. An empty value is always a fault: falling back to
     * the default would hide that a deployment failed to fill it in.
     */
    public Optional<Fault> fault(String value) {
        if (value.isBlank()) {
            return Optional.of(
                    fault("is set but empty", "set it to " + form.wants() + ", or unset it"));
        }
        if (form.accepts(value)) {
            return Optional.empty();
        }
        return Optional.of(
                form.accepts(value.strip())
                        ? fault("has white space before or after its value", "remove it")
                        : invalid());
    }

    /** The fault of a value that {@link #form()} or a later check rejects. */
    public Fault invalid() {
        return fault("is not valid", "set it to " + form.wants());
    }

    /** The fault of a mandatory value that is not set. */
    public Fault missing() {
        return fault("is missing", "set it to " + form.wants());
    }

    public Fault fault(String problem, String fix) {
        return new Fault(name, problem, fix);
    }
}

package services.chorus.seqthink.config;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The settings of one feature, which its mapping declares: {@code Section.of(McpConfig.class,
 * "mcp").add("MCP_TIMEOUT", "timeout", "120s", form).meaning("...")}.
 *
 * @param mapping the interface with SmallRye's {@code @ConfigMapping} through which it reads them
 * @param name what the keys of its variables begin with
 * @param variables in the order of the README's table
 * @param tables for which there are no flat names
 */
public record Section(Class<?> mapping, String name, List<Variable> variables, List<Table> tables) {

    /** A section without settings. */
    public static Section of(Class<?> mapping, String name) {
        return new Section(mapping, name, List.of(), List.of());
    }

    /** All of a variable but what it means. */
    public record Unexplained(
            Section section, String name, String key, String defaultValue, Form form) {

        /** The section with that variable. */
        public Section meaning(String meaning) {
            Variable variable =
                    new Variable(
                            name,
                            section.name + "." + key,
                            defaultValue,
                            form,
                            meaning,
                            Optional.empty());
            return section.with(Stream.concat(section.variables.stream(), Stream.of(variable)));
        }
    }

    /**
     * Adds a variable that has a default.
     *
     * @param name the flat name, such as {@code MCP_TIMEOUT}
     * @param key within this section, such as {@code timeout}
     */
    public Unexplained add(String name, String key, String defaultValue, Form form) {
        return new Unexplained(this, name, key, defaultValue, form);
    }

    /** Adds a variable that has no value until it is set. */
    public Unexplained add(String name, String key, Form form) {
        return add(name, key, "", form);
    }

    /** The section with its last variable set by the platform, which may name it by the alias. */
    public Section setByPlatform(String alias) {
        Variable last = variables.getLast().setByPlatform(alias);
        Stream<Variable> others = variables.stream().limit(variables.size() - 1L);
        return with(Stream.concat(others, Stream.of(last)));
    }

    /** The section with a table. */
    public Section with(Table table) {
        return new Section(mapping, name, variables, List.of(table));
    }

    /** The variable of that flat name, which must be one of these. */
    public Variable variable(String flatName) {
        return variables.stream()
                .filter(variable -> variable.name().equals(flatName))
                .findFirst()
                .orElseThrow();
    }

    private Section with(Stream<Variable> all) {
        return new Section(mapping, name, all.toList(), tables);
    }
}

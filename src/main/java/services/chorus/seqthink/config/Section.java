package services.chorus.seqthink.config;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The settings of one feature, declared beside its mapping: {@code Section.of(McpConfig.class,
 * "mcp").add("MCP_TIMEOUT", "timeout", "120s", form).essential("...")}.
 *
 * @param mapping the interface with SmallRye's {@code @ConfigMapping} that reads them
 * @param name the first part of the keys of its variables
 * @param variables in the order of the documents
 * @param tables which have no flat names
 */
public record Section(Class<?> mapping, String name, List<Variable> variables, List<Table> tables) {

    /** A section without settings. */
    public static Section of(Class<?> mapping, String name) {
        return new Section(mapping, name, List.of(), List.of());
    }

    /** A variable without its description, which decides where it is documented. */
    public record Undescribed(
            Section section, String name, String key, String defaultValue, Form form) {

        /** The section with that variable, documented in docs/configuration.md. */
        public Section meaning(String meaning) {
            return described(meaning, false);
        }

        /**
         * The section with that variable, which every operator decides: documented in README.md.
         */
        public Section essential(String meaning) {
            return described(meaning, true);
        }

        private Section described(String meaning, boolean essential) {
            Variable variable =
                    new Variable(
                            name,
                            section.name + "." + key,
                            defaultValue,
                            form,
                            meaning,
                            essential,
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
    public Undescribed add(String name, String key, String defaultValue, Form form) {
        return new Undescribed(this, name, key, defaultValue, form);
    }

    /** Adds a variable that has no value unless it is set. */
    public Undescribed add(String name, String key, Form form) {
        return add(name, key, "", form);
    }

    /**
     * Marks the last variable added as set by the platform, which may use the alias as its name.
     */
    public Section setByPlatform(String alias) {
        Variable last = variables.getLast().setByPlatform(alias);
        Stream<Variable> others = variables.stream().limit(variables.size() - 1L);
        return with(Stream.concat(others, Stream.of(last)));
    }

    /** The section with a table. */
    public Section with(Table table) {
        return new Section(mapping, name, variables, List.of(table));
    }

    /**
     * The variable of that flat name.
     *
     * @throws java.util.NoSuchElementException when this section has none
     */
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

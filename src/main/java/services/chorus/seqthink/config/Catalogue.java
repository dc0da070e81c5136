package services.chorus.seqthink.config;

import java.util.List;
import java.util.stream.Stream;

/**
 * All settings that there are.
 *
 * @param sections in the order of the README's table
 */
public record Catalogue(List<Section> sections) {

    public Catalogue {
        sections = List.copyOf(sections);
    }

    /** Every variable, in the order of the README's table. */
    public List<Variable> variables() {
        return Stream.concat(inFile().stream(), Stream.of(TomlFile.PATH)).toList();
    }

    /** The variables that the configuration file may set: all but its own path. */
    public List<Variable> inFile() {
        return sections.stream().flatMap(section -> section.variables().stream()).toList();
    }

    /** Every table. */
    public List<Table> tables() {
        return sections.stream().flatMap(section -> section.tables().stream()).toList();
    }
}

package services.chorus.seqthink.config;

import java.util.List;
import java.util.stream.Stream;

/**
 * All settings.
 *
 * @param sections in the order of the documents
 */
public record Catalogue(List<Section> sections) {

    public Catalogue {
        sections = List.copyOf(sections);
    }

    /** Every variable, in the order of the documents. */
    public List<Variable> variables() {
        return Stream.concat(inFile().stream(), Stream.of(TomlFile.PATH)).toList();
    }

    /** The variables that the configuration file may set: all except its own path. */
    public List<Variable> inFile() {
        return sections.stream().flatMap(section -> section.variables().stream()).toList();
    }

    public List<Table> tables() {
        return sections.stream().flatMap(section -> section.tables().stream()).toList();
    }
}

package services.chorus.seqthink.app;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import services.chorus.seqthink.config.Fault;
import services.chorus.seqthink.config.Form;
import services.chorus.seqthink.config.Variable;

/** The configuration file: what it says, or what is wrong with it. */
public sealed interface TomlFile {

    Variable PATH =
            Variable.of(
                    "CONFIG_PATH",
                    "seqthink.cli.config-path",
                    "/srv/seqthink/seqthink.toml",
                    Form.path(),
                    "TOML file of settings, below every name here. Read where it is there; when"
                            + " this is set it must be.");

    /** There is none, and none is asked for. */
    record Absent() implements TomlFile {

        @Override
        public Map<String, String> said() {
            return Map.of();
        }

        @Override
        public List<Fault> faults() {
            return List.of();
        }
    }

    /** Nobody knows what it would have said. */
    record Unreadable(Fault fault) implements TomlFile {

        @Override
        public Map<String, String> said() {
            return Map.of();
        }

        @Override
        public List<Fault> faults() {
            return List.of(fault);
        }
    }

    /** It was read; what it says wrongly is left out of what it says. */
    record Read(Path path, Map<String, String> said, List<Fault> faults) implements TomlFile {

        /** A fault of a variable that it sets, together with where. */
        Fault placed(Fault fault, Variable variable) {
            return new Fault(
                    fault.variable() + " (" + placeOf(variable.property()) + ")",
                    fault.problem(),
                    fault.fix());
        }

        /** A fault of an entry of a table, by its place here where it stands here. */
        Fault placedInTable(Fault fault) {
            return said.keySet().stream().anyMatch(property -> isWithin(property, fault.variable()))
                    ? new Fault(placeOf(fault.variable()), fault.problem(), fault.fix())
                    : fault;
        }

        private static boolean isWithin(String property, String place) {
            return property.equals(place)
                    || property.startsWith(place + ".")
                    || property.startsWith(place + "[");
        }

        private String placeOf(String property) {
            return TomlProperties.inWords(property) + " in " + path;
        }
    }

    /**
     * Reads the file that these name.
     *
     * @param environment variables by name
     * @param properties configuration properties above the environment
     */
    static TomlFile of(Map<String, String> environment, Map<String, String> properties) {
        Optional<String> named =
                Optional.ofNullable(properties.get(PATH.property()))
                        .or(() -> Optional.ofNullable(environment.get(PATH.name())))
                        .or(() -> Optional.ofNullable(environment.get(SectionedNames.of(PATH))));
        if (named.filter(String::isBlank).isPresent()) {
            return new Absent(); // the variable's own fault
        }
        Path path = Path.of(named.orElse(PATH.defaultValue()));
        return named.isEmpty() && Files.notExists(path) ? new Absent() : TomlReader.read(path);
    }

    /** What it says, by the names of configuration properties. */
    Map<String, String> said();

    /** What is wrong with it. */
    List<Fault> faults();
}

package services.chorus.seqthink.app;

import static java.util.stream.Collectors.joining;

import services.chorus.seqthink.config.Variable;

/** The README's table of variables, as the code would write it. */
public final class VariableTable {

    private VariableTable() {}

    public static String markdown() {
        return Configuration.CATALOGUE.variables().stream()
                .map(VariableTable::row)
                .collect(
                        joining(
                                "\n",
                                "| variable | in a file | default | meaning |\n"
                                        + "| --- | --- | --- | --- |\n",
                                "\n"));
    }

    private static String row(Variable variable) {
        String meaning = variable.meaning();
        return "| `%s` | %s | %s | %s |"
                .formatted(
                        variable.name(),
                        Configuration.CATALOGUE.inFile().contains(variable)
                                ? "`" + variable.key() + "`"
                                : "-",
                        variable.defaultValue().isEmpty()
                                ? "-"
                                : "`" + variable.defaultValue() + "`",
                        (meaning.endsWith(".") ? meaning : meaning + ".").replace("|", "\\|"));
    }
}

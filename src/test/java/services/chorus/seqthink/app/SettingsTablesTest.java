package services.chorus.seqthink.app;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.config.Variable;

/**
 * The tables of settings in README.md and docs/configuration.md. The property {@code
 * settings.tables=write} rewrites both.
 */
class SettingsTablesTest {

    private static final String COMMAND =
            "./mvnw test -Dtest=SettingsTablesTest -Dsettings.tables=write";
    private static final Path README = Path.of("README.md");
    private static final Path REFERENCE = Path.of("docs", "configuration.md");
    private static final Pattern TABLE =
            Pattern.compile("(?<=<!-- variables -->\n).*?(?=<!-- /variables -->)", Pattern.DOTALL);
    private static final Pattern ROW = Pattern.compile("^\\| `([^`]+)` \\|", Pattern.MULTILINE);

    @Test
    void theReadmeListsTheEssentialSettings() {
        assertHasTable(README, essential());
    }

    @Test
    void theReferenceListsAllOthersBySection() {
        assertHasTable(REFERENCE, others());
    }

    @Test
    void everySettingIsInExactlyOneTable() {
        List<String> listed =
                Stream.of(README, REFERENCE)
                        .map(SettingsTablesTest::table)
                        .flatMap(table -> ROW.matcher(table).results())
                        .map(row -> row.group(1))
                        .toList();

        assertThat(listed)
                .containsExactlyInAnyOrderElementsOf(
                        Stream.concat(
                                        variables(true).map(Variable::name),
                                        variables(false).map(Variable::key))
                                .toList());
    }

    @Test
    void theReadmeListsAboutTwentyFive() {
        assertThat(variables(true)).hasSizeBetween(20, 28);
    }

    @BeforeAll
    static void rewriteBothOnRequest() throws IOException {
        if ("write".equals(System.getProperty("settings.tables"))) {
            write(README, essential());
            write(REFERENCE, others());
        }
    }

    private static void write(Path document, String table) throws IOException {
        Files.writeString(
                document,
                TABLE.matcher(read(document)).replaceFirst(Matcher.quoteReplacement(table + "\n")));
    }

    private static void assertHasTable(Path document, String table) {
        assertThat(table(document).strip())
                .as("the table in %s; to rewrite it, run: %s", document, COMMAND)
                .isEqualTo(table);
    }

    private static String table(Path document) {
        Matcher table = TABLE.matcher(read(document));
        assertThat(table.find()).as("%s has a table between its markers", document).isTrue();
        return table.group();
    }

    private static String read(Path document) {
        try {
            return Files.readString(document);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Stream<Variable> variables(boolean essential) {
        return Configuration.CATALOGUE.variables().stream()
                .filter(variable -> variable.essential() == essential);
    }

    private static String essential() {
        return "| variable | in a TOML file | default | meaning |\n| --- | --- | --- | --- |\n"
                + variables(true)
                        .map(
                                variable ->
                                        row(
                                                code(variable.name()),
                                                isInFile(variable) ? code(variable.key()) : "-",
                                                standard(variable),
                                                variable.meaning()))
                        .collect(joining("\n"));
    }

    private static String others() {
        return variables(false)
                .collect(
                        groupingBy(
                                variable -> variable.key().split("\\.")[0],
                                LinkedHashMap::new,
                                Collectors.toList()))
                .entrySet()
                .stream()
                .map(section -> section(section.getKey(), section.getValue()))
                .collect(joining("\n\n"));
    }

    private static String section(String name, List<Variable> variables) {
        return "### `[%s]`\n\n".formatted(name)
                + "| in a TOML file | in the environment | default | meaning |\n"
                + "| --- | --- | --- | --- |\n"
                + variables.stream()
                        .map(
                                variable ->
                                        row(
                                                code(variable.key()),
                                                code(variable.sectionedName())
                                                        + " or "
                                                        + code(variable.name()),
                                                standard(variable),
                                                variable.meaning()))
                        .collect(joining("\n"));
    }

    private static boolean isInFile(Variable variable) {
        return Configuration.CATALOGUE.inFile().contains(variable);
    }

    private static String standard(Variable variable) {
        return variable.defaultValue().isEmpty()
                ? "-"
                : (code(variable.defaultValue()) + " " + variable.form().unit()).strip();
    }

    private static String code(String text) {
        return "`" + text + "`";
    }

    private static String row(String... cells) {
        return Stream.of(cells)
                .map(cell -> cell.replace("|", "\\|"))
                .collect(joining(" | ", "| ", " |"));
    }
}

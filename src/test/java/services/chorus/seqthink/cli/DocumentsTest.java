package services.chorus.seqthink.cli;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import services.chorus.seqthink.app.Configuration;
import services.chorus.seqthink.client.GatewayClient.Timeouts;
import services.chorus.seqthink.config.Heap;
import services.chorus.seqthink.config.Sources;
import services.chorus.seqthink.config.Variable;

/** Compares the documents with the program, so that neither changes alone. */
class DocumentsTest {

    private static final Pattern COMMAND =
            Pattern.compile("(?:^|[ (|])seqthink-wrapper((?: +(?![|<>#&;)])\\S+)*)");

    /** No faults of the documents: the variables of an issuer give these files. */
    private static final List<String> SET_IN_THE_ENVIRONMENT =
            List.of(
                    "Missing required option: '--file=FILE'",
                    "Missing required option: '--keys=FILE'");

    private static final Pattern SUBSTITUTION = Pattern.compile("\"?\\$\\([^()]*\\)\"?");
    private static final Pattern LINK = Pattern.compile("]\\(([^)#:]*)(?:#([^)]*))?\\)");
    private static final Pattern HEADING = Pattern.compile("^#+ (.*)$", Pattern.MULTILINE);
    private static final Pattern NAME =
            Pattern.compile("`([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)(?:=[^`]*)?`");
    private static final Pattern SHIPPED =
            Pattern.compile(
                    "(?:deploy|k8s|docs)/[A-Za-z0-9_./-]*\\.(?:sh|md|ya?ml|toml|service)\\b");

    static List<Document> documents() throws IOException {
        return Document.all();
    }

    @ParameterizedTest
    @MethodSource("documents")
    void showsOnlyCommandsThatTheProgramAccepts(Document document) {
        for (List<String> command : commands(document)) {
            assertThat(fault(command))
                    .as("%s: seqthink-wrapper %s", document.path(), String.join(" ", command))
                    .isEmpty();
        }
    }

    /** The program's fault in a command line; placeholders for values are no fault. */
    private static Optional<String> fault(List<String> command) {
        try {
            program().parseArgs(command.toArray(String[]::new));
            return Optional.empty();
        } catch (ParameterException e) {
            return Optional.of(e.getMessage())
                    .filter(text -> !text.startsWith("Invalid value"))
                    .filter(text -> !SET_IN_THE_ENVIRONMENT.contains(text));
        }
    }

    @Test
    void findsTheCommandsOfTheReadme() {
        assertThat(commands(Document.read(Path.of("README.md"))))
                .contains(List.of("keygen", "--door", "-o", "door.jwk"), List.of("doctor"))
                .hasSizeGreaterThan(8);
    }

    @ParameterizedTest
    @MethodSource("documents")
    void namesOnlyVariablesThatAreRead(Document document) throws IOException {
        Set<String> variables =
                Configuration.CATALOGUE.variables().stream()
                        .map(Variable::name)
                        .collect(Collectors.toSet());
        String scripts = scripts();

        assertThat(NAME.matcher(document.text()).results().map(name -> name.group(1)))
                .allSatisfy(
                        name ->
                                assertThat(
                                                variables.contains(name)
                                                        || name.startsWith("SEQTHINK_")
                                                        || Pattern.compile("\\b" + name + "\\b")
                                                                .matcher(scripts)
                                                                .find())
                                        .as("%s: %s", document.path(), name)
                                        .isTrue());
    }

    @ParameterizedTest
    @MethodSource("documents")
    void linksToExistingPagesAndHeadings(Document document) throws IOException {
        for (MatchResult link : LINK.matcher(document.prose()).results().toList()) {
            Path target =
                    link.group(1).isEmpty()
                            ? document.path()
                            : Path.of("").resolve(document.path()).resolveSibling(link.group(1));
            assertThat(target.normalize()).as("link in %s", document.path()).exists();
            if (link.group(2) != null) {
                assertThat(anchors(Files.readString(target)))
                        .as("%s links to %s", document.path(), target)
                        .contains(link.group(2));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("documents")
    void namesOnlyShippedFiles(Document document) {
        assertThat(SHIPPED.matcher(document.text()).results().map(MatchResult::group))
                .allSatisfy(path -> assertThat(Path.of(path)).as(document.path() + "").exists());
    }

    private static List<List<String>> commands(Document document) {
        return document.code()
                .map(line -> SUBSTITUTION.matcher(line).replaceAll("SAID"))
                .flatMap(line -> COMMAND.matcher(line).results())
                .map(command -> command.group(1).strip())
                .filter(arguments -> !arguments.contains("..."))
                .map(arguments -> arguments.replace("\"", "").replace("'", ""))
                .map(
                        arguments ->
                                arguments.isEmpty()
                                        ? List.<String>of()
                                        : List.of(arguments.split(" +")))
                .toList();
    }

    /** The anchors of a page's headings, as code hosts derive them. */
    private static List<String> anchors(String text) {
        return HEADING.matcher(text)
                .results()
                .map(heading -> heading.group(1).toLowerCase(Locale.ROOT))
                .map(heading -> heading.replaceAll("[^a-z0-9 _-]", "").replace(' ', '-'))
                .toList();
    }

    /** All shipped scripts and manifests, which read variables of their own. */
    private static String scripts() throws IOException {
        try (Stream<Path> deploy = Files.walk(Path.of("deploy"));
                Stream<Path> k8s = Files.walk(Path.of("k8s"));
                Stream<Path> docker = Files.walk(Path.of("src/main/docker"))) {
            return Stream.of(deploy, k8s, docker)
                    .flatMap(paths -> paths)
                    .filter(Files::isRegularFile)
                    .filter(path -> !path.toString().endsWith(".md"))
                    .map(path -> Document.read(path).text())
                    .collect(joining("\n"));
        }
    }

    private static CommandLine program() {
        return Main.commandLine(
                new CommandContext(
                        new Sources(Map.of(), Map.of()),
                        InputStream.nullInputStream(),
                        new PrintStream(PrintStream.nullOutputStream()),
                        new PrintStream(PrintStream.nullOutputStream()),
                        new Heap(1L << 30),
                        Timeouts.SILENCE));
    }
}

package services.chorus.seqthink.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A page of the documentation.
 *
 * @param path its file, relative to the project's root
 */
record Document(Path path, String text) {

    private static final Pattern FENCED =
            Pattern.compile("^ *```([a-z]*)\n(.*?)^ *```$", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern INDENTED = Pattern.compile("(?:^ {4}.*\n)+", Pattern.MULTILINE);
    private static final Pattern CONTINUED = Pattern.compile("\\\\\n\\s*|(?<=\\|)\n\\s*");

    /** All shipped pages. */
    static List<Document> all() throws IOException {
        try (Stream<Path> deploy = Files.walk(Path.of("deploy"));
                Stream<Path> docs = Files.walk(Path.of("docs"));
                Stream<Path> k8s = Files.walk(Path.of("k8s"))) {
            return Stream.of(Stream.of(Path.of("README.md")), deploy, docs, k8s)
                    .flatMap(paths -> paths)
                    .filter(path -> path.toString().endsWith(".md"))
                    .sorted()
                    .map(Document::read)
                    .toList();
        }
    }

    static Document read(Path path) {
        try {
            return new Document(path, Files.readString(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The fenced blocks of a kind, such as {@code sh}, in order. */
    List<String> blocks(String kind) {
        return FENCED.matcher(text)
                .results()
                .filter(block -> block.group(1).equals(kind))
                .map(block -> block.group(2).stripIndent())
                .toList();
    }

    /** Every line of code, fenced or indented; continued lines are joined. */
    Stream<String> code() {
        String prose = FENCED.matcher(text).replaceAll("");
        return Stream.concat(
                        FENCED.matcher(text).results().map(block -> block.group(2)),
                        INDENTED.matcher(prose).results().map(MatchResult::group))
                .map(block -> CONTINUED.matcher(block).replaceAll(" "))
                .flatMap(String::lines)
                .map(String::strip);
    }

    /** The text without fenced code. */
    String prose() {
        return FENCED.matcher(text).replaceAll("");
    }
}

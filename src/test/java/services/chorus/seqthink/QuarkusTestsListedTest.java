package services.chorus.seqthink;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Tests that boot Quarkus run in one JVM, where those of one profile share a boot. */
class QuarkusTestsListedTest {

    private static final Path LIST = Path.of("src/test/tests-with-quarkus.txt");

    @Test
    void everyQuarkusTestIsListed() throws IOException {
        List<PathMatcher> listed =
                Files.readAllLines(LIST).stream()
                        .map(pattern -> FileSystems.getDefault().getPathMatcher("glob:" + pattern))
                        .toList();
        try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
            List<Path> tests = files.filter(QuarkusTestsListedTest::bootsQuarkus).toList();

            assertThat(tests).isNotEmpty();
            assertThat(tests)
                    .allSatisfy(
                            test ->
                                    assertThat(listed)
                                            .as("%s in %s", test, LIST)
                                            .anyMatch(pattern -> pattern.matches(test)));
        }
    }

    private static boolean bootsQuarkus(Path file) {
        try {
            return file.toString().endsWith(".java")
                    && Files.readString(file).contains("\n@QuarkusTest\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package services.chorus.seqthink;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every promise of the threat model names tests that exist. */
class ThreatModelTest {

    private static final Path DOCUMENT = Path.of("docs", "threat-model.md");
    private static final Path CLASSES = Path.of("target", "test-classes");
    private static final Pattern TEST = Pattern.compile("`(\\w+(?:Test|IT))(?:\\.(\\w+))?`");

    @TestFactory
    Stream<DynamicTest> promises() throws IOException {
        String promises =
                Files.readString(DOCUMENT).split("## Promises", 2)[1].split("\n## ", 2)[0];
        Map<String, Path> classes = classes();
        return promises.lines()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| promise"))
                .map(line -> DynamicTest.dynamicTest(line, () -> assertNamesTests(line, classes)));
    }

    private static void assertNamesTests(String line, Map<String, Path> classes) {
        assertThat(TEST.matcher(line).results())
                .isNotEmpty()
                .allSatisfy(
                        test -> {
                            assertThat(classes).containsKey(test.group(1));
                            if (test.group(2) != null) {
                                assertThat(methods(classes.get(test.group(1))))
                                        .contains(test.group(2));
                            }
                        });
    }

    private static Map<String, Path> classes() throws IOException {
        try (Stream<Path> files = Files.walk(CLASSES)) {
            return files.filter(file -> file.toString().matches(".*/\\w+(Test|IT)\\.class"))
                    .collect(toMap(ThreatModelTest::simpleName, identity()));
        }
    }

    private static String simpleName(Path file) {
        return file.getFileName().toString().replace(".class", "");
    }

    private static Stream<String> methods(Path file) throws ClassNotFoundException {
        String name =
                CLASSES.relativize(file).toString().replace('/', '.').replaceFirst("\\.class$", "");
        Class<?> type = Class.forName(name, false, Thread.currentThread().getContextClassLoader());
        return Stream.of(type, type.getSuperclass())
                .flatMap(declaring -> Arrays.stream(declaring.getDeclaredMethods()))
                .map(Method::getName);
    }
}

package services.chorus.seqthink.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NewFilesTest {

    private static final List<String> NAMES = List.of("one", "two", "last");

    @TempDir Path folder;
    private List<Path> paths;

    @BeforeEach
    void nameTheFiles() {
        paths = NAMES.stream().map(folder::resolve).toList();
    }

    @Test
    void areAllCreatedForTheirOwnerOnly() throws IOException {
        assertThat(create("new")).isEmpty();

        assertThat(paths)
                .allSatisfy(
                        path -> {
                            assertThat(path).hasContent("new " + path.getFileName());
                            assertThat(Files.getPosixFilePermissions(path))
                                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
                            assertThat(NewFiles.pending(path)).isEmpty();
                        });
        assertThat(names()).noneMatch(name -> name.matches(".*\\.(tmp|pending)"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void areNotCreatedWhenOneExists(int which) throws IOException {
        Files.writeString(paths.get(which), "old");

        assertThat(create("new")).containsExactly(paths.get(which));

        assertThat(paths.get(which)).hasContent("old");
        assertThat(names()).noneMatch(name -> !name.endsWith(".lock") && isAnother(name, which));
    }

    @Test
    void areReturnedWhenTheyExist() throws IOException {
        create("new");

        assertThat(create("new")).containsExactlyElementsOf(paths);
        assertThat(create("newer")).containsExactlyElementsOf(paths);
        assertThat(paths.getFirst()).hasContent("new one");
    }

    @Test
    void leaveNothingWhenOneCannotBeWritten() throws IOException {
        paths = List.of(folder.resolve("one"), folder.resolve("none").resolve("two"));

        assertThatIOException().isThrownBy(() -> create("new"));
        assertThat(names()).allMatch(name -> name.endsWith(".lock"));

        Files.createDirectory(folder.resolve("none"));
        Files.createDirectories(folder.resolve("none").resolve("two.pending").resolve("in"));
        assertThatIOException().isThrownBy(() -> create("new"));
        assertThat(folder.resolve("one")).doesNotExist();
        assertThat(folder.resolve("one.pending")).doesNotExist();
    }

    @Test
    void leaveNoTemporaryFileWhenOneCannotBeWritten() throws IOException {
        Files.writeString(folder.resolve("one.pending.tmp"), "half a fi");
        Files.createDirectories(folder.resolve("last.pending").resolve("in"));

        assertThatIOException().isThrownBy(() -> create("new"));

        assertThat(names()).allMatch(name -> name.endsWith(".lock"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void areCompletedAfterACrash(int inPlace) throws IOException {
        crashAfter(inPlace);
        assertThat(paths).anyMatch(NewFilesTest::isPending);

        assertThat(create("new")).isEmpty();

        assertThat(paths)
                .allSatisfy(path -> assertThat(path).hasContent("new " + path.getFileName()))
                .noneMatch(NewFilesTest::isPending);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void areNotMixedWithOtherFilesThatACrashLeft(int inPlace) throws IOException {
        crashAfter(inPlace);

        assertThat(create("newer")).containsExactlyElementsOf(paths.subList(0, inPlace));

        assertThat(paths.getFirst()).hasContent("new one");
        assertThat(paths.getLast()).doesNotExist();
        assertThat(paths).anyMatch(NewFilesTest::isPending);
    }

    @Test
    void areAllCreatedOrPendingOrAbsentWheneverTheProcessIsKilled() throws Exception {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                AnotherProcess.class.getName(),
                                folder.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        try {
            int begun = process.getInputStream().read();
            assertThat(begun).isEqualTo('+');
            process.getInputStream().skipNBytes(ThreadLocalRandom.current().nextInt(100));
        } finally {
            process.destroyForcibly().waitFor();
        }

        int made = 0;
        for (int i = 0; Files.exists(folder.resolve("" + i)); i++) {
            Path round = folder.resolve("" + i);
            paths = NAMES.stream().map(round::resolve).toList();
            long there = paths.stream().filter(Files::exists).count();
            assertThat(there == 0 || there == 3 || isPending(paths.getLast())).isTrue();
            assertThat(isPending(paths.getLast()))
                    .isEqualTo(paths.stream().anyMatch(NewFilesTest::isPending));
            assertThat(create("new")).isEqualTo(there == 3 ? paths : List.of());
            assertThat(paths)
                    .allSatisfy(path -> assertThat(path).hasContent("new " + path.getFileName()));
            made++;
        }
        assertThat(made).isPositive();
    }

    /** Creates the files in one folder after the other, and prints when each are complete. */
    static final class AnotherProcess {

        private AnotherProcess() {}

        public static void main(String... args) throws IOException {
            for (int i = 0; ; i++) {
                Path round = Files.createDirectory(Path.of(args[0], "" + i));
                NewFiles.create(contents(NAMES.stream().map(round::resolve).toList(), "new"));
                System.out.print('+');
                System.out.flush();
            }
        }
    }

    /** Simulates a crash after so many files were put in place. */
    private void crashAfter(int inPlace) throws IOException {
        create("new");
        for (Path path : paths.subList(inPlace, paths.size())) {
            Files.move(path, path.resolveSibling(path.getFileName() + ".pending"));
        }
    }

    private List<Path> create(String what) throws IOException {
        return NewFiles.create(contents(paths, what));
    }

    private static SequencedMap<Path, byte[]> contents(List<Path> paths, String what) {
        SequencedMap<Path, byte[]> contents = new LinkedHashMap<>();
        paths.forEach(
                path -> contents.put(path, (what + " " + path.getFileName()).getBytes(UTF_8)));
        return contents;
    }

    private static boolean isPending(Path path) {
        return NewFiles.pending(path).isPresent();
    }

    private static boolean isAnother(String name, int which) {
        return !name.equals(NAMES.get(which));
    }

    private List<String> names() throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .toList();
        }
    }
}

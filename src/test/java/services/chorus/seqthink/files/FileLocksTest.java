package services.chorus.seqthink.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import services.chorus.seqthink.files.AtomicFile.FileLocks;

class FileLocksTest {

    @TempDir Path folder;

    @Test
    void preventChangesUntilTheyAreReleased() throws IOException {
        try (var _ = FileLocks.hold(List.of(path("two"), path("one")))) {
            for (String name : List.of("one", "two")) {
                // thrown in the process that holds the lock; another process would wait
                assertThatExceptionOfType(OverlappingFileLockException.class)
                        .isThrownBy(() -> change(name));
            }
            change("three");
        }

        change("one");
        change("two");
        assertThat(path("one")).hasContent("changed");
    }

    @Test
    void areAllReleasedWhenOneCannotBeTaken() throws IOException {
        Path nowhere = path("none").resolve("two");

        assertThatIOException().isThrownBy(() -> FileLocks.hold(List.of(path("a"), nowhere)));

        change("a");
        assertThat(path("a")).exists();
    }

    private void change(String name) throws IOException {
        new AtomicFile(path(name))
                .<Void>update(
                        draft -> {
                            draft.replace("changed".getBytes(UTF_8));
                            return null;
                        });
    }

    private Path path(String name) {
        return folder.resolve(name);
    }
}

package services.chorus.seqthink.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {

    @TempDir Path folder;

    private Path path;
    private AtomicFile file;

    @BeforeEach
    void nameAFile() {
        path = folder.resolve("file");
        file = new AtomicFile(path);
    }

    @Test
    void isEmptyUntilItIsWritten() throws IOException {
        assertThat(file.read()).isEmpty();

        write("first");

        assertThat(file.read()).contains("first".getBytes(UTF_8));
    }

    @Test
    void isAccessibleOnlyToItsOwner() throws IOException {
        write("secret");
        AtomicFile.createNew(folder.resolve("other")).close();

        assertThat(List.of(path, folder.resolve("other")))
                .allSatisfy(
                        made ->
                                assertThat(Files.getPosixFilePermissions(made))
                                        .isEqualTo(PosixFilePermissions.fromString("rw-------")));
    }

    @Test
    void keepsItsContentWhenAChangeFails() throws IOException {
        write("kept");

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(
                        () ->
                                file.update(
                                        draft -> {
                                            throw new IOException("no");
                                        }));
        assertThat(path).hasContent("kept");
    }

    @Test
    void overwritesATemporaryFileLeftByACrash() throws IOException {
        Files.writeString(folder.resolve("file.tmp"), "half a fi");

        write("whole");

        assertThat(path).hasContent("whole");
        assertThat(folder.resolve("file.tmp")).doesNotExist();
    }

    @Test
    void losesNoConcurrentChange() throws IOException {
        write("0");

        IntStream.range(0, 100).parallel().forEach(i -> addOne());

        assertThat(path).hasContent("100");
    }

    @Test
    void createsNoFileOverAnother() throws IOException {
        write("kept");

        assertThatExceptionOfType(FileAlreadyExistsException.class)
                .isThrownBy(() -> AtomicFile.createNew(path));
        assertThat(path).hasContent("kept");
    }

    private void write(String content) throws IOException {
        file.update(
                draft -> {
                    draft.replace(content.getBytes(UTF_8));
                    return content;
                });
    }

    private void addOne() {
        try {
            file.update(
                    draft -> {
                        int before = Integer.parseInt(Files.readString(path));
                        draft.replace(Integer.toString(before + 1).getBytes(UTF_8));
                        return before;
                    });
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}

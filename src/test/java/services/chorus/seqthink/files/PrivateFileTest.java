package services.chorus.seqthink.files;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrivateFileTest {

    private static final int ANOTHER_USER = 64_999;

    @TempDir Path folder;
    private Path file;

    @BeforeEach
    void makeAFile() throws IOException {
        file = Files.createFile(folder.resolve("secret"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-------", "r--------"})
    void doesNotWarnOfAFileForItsOwnerOnly(String mode) throws IOException {
        set(mode);

        assertThat(PrivateFile.openToOthers(file)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"r--r-----", "rw--w----", "rw----r--", "rwxrwxrwx"})
    void warnsOfAFileOpenToOthers(String mode) throws IOException {
        set(mode);

        assertThat(PrivateFile.openToOthers(file))
                .hasValue(file + " has mode " + mode + ": remove the access of group and others");
    }

    @Test
    void doesNotWarnOfAnotherUsersFileThatItsGroupCanRead() throws IOException {
        assumeTrue(Files.getAttribute(file, "unix:uid").equals(0), "Only root can give files away");
        Files.setAttribute(file, "unix:uid", ANOTHER_USER);

        set("r--r-----");
        assertThat(PrivateFile.openToOthers(file)).isEmpty();
        set("r--r--r--");
        assertThat(PrivateFile.openToOthers(file)).isPresent();
        set("rw-rw----");
        assertThat(PrivateFile.openToOthers(file)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-------", "rw-r--r--", "rwxrwxrwx"})
    void replacesAFileOfAnyModeWithOneForItsOwner(String mode) throws IOException {
        Files.writeString(file, "what was there before");
        set(mode);
        Object before = Files.getAttribute(file, "unix:ino");

        PrivateFile.replace(file, "new".getBytes(US_ASCII));

        assertThat(file).hasContent("new");
        assertIsForItsOwner(file);
        // who had the old file open reads nothing of the new one
        assertThat(Files.getAttribute(file, "unix:ino")).isNotEqualTo(before);
        assertThat(folder).isDirectoryNotContaining("glob:**.next");
    }

    @Test
    void createsTheFileThatItWouldReplace() throws IOException {
        Path fresh = folder.resolve("fresh");
        PrivateFile.replace(fresh, "new".getBytes(US_ASCII));
        assertThat(fresh).hasContent("new");
        assertIsForItsOwner(fresh);
    }

    @Test
    void replacesNoLink() throws IOException {
        Files.writeString(file, "precious");
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);
        Path dangling = Files.createSymbolicLink(folder.resolve("dangling"), Path.of("absent"));

        for (Path each : List.of(link, dangling, folder)) {
            assertThatExceptionOfType(UnusableFileException.class)
                    .isThrownBy(() -> PrivateFile.replace(each, "new".getBytes(US_ASCII)))
                    .withMessage(
                            each + " is a link, a device or a folder: give the path of a file");
        }

        assertThat(file).hasContent("precious");
        assertThat(link).isSymbolicLink();
        assertThat(dangling).isSymbolicLink();
        assertThat(folder.resolve("absent")).doesNotExist();
    }

    @Test
    void createsNoFileThroughALink() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("absent"));
        assertThatExceptionOfType(FileAlreadyExistsException.class)
                .isThrownBy(() -> PrivateFile.write(link, "new".getBytes(US_ASCII)));
        assertThat(folder.resolve("absent")).doesNotExist();
    }

    @Test
    void leavesTheFileAsItWasWhenItCannotBeReplaced() throws IOException {
        Files.writeString(file, "precious");
        Path below = file.resolve("token");
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> PrivateFile.replace(below, "new".getBytes(US_ASCII)));
        assertThat(file).hasContent("precious");
    }

    private static void assertIsForItsOwner(Path path) throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rw-------");
    }

    private void set(String mode) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }
}

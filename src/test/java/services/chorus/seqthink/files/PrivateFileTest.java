package services.chorus.seqthink.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
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

    private void set(String mode) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }
}

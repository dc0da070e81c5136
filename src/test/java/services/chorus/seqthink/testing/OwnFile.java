package services.chorus.seqthink.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** A file with a secret, as its owner keeps it: commands warn of one that others can access. */
public final class OwnFile {

    private OwnFile() {}

    /** Writes a file of mode 0600. */
    public static Path write(Path file, String content) throws IOException {
        Files.writeString(file, content);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
}

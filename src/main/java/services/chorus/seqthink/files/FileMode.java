package services.chorus.seqthink.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/** Who may use a file of secrets. */
public final class FileMode {

    private static final Set<PosixFilePermission> OTHERS =
            PosixFilePermissions.fromString("---rwxrwx");

    private FileMode() {}

    /** One line that names the mode of a file which more than its owner may use; empty if none. */
    public static Optional<String> openToOthers(Path file) {
        try {
            Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
            return mode.stream().anyMatch(OTHERS::contains)
                    ? Optional.of(
                            "%s has mode %s: take it from group and others"
                                    .formatted(file, PosixFilePermissions.toString(mode)))
                    : Optional.empty();
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.empty();
        }
    }
}

package services.chorus.seqthink.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** Who may use a file of secrets. */
public final class FileMode {

    private static final Path THIS_PROCESS = Path.of("/proc/self");
    private static final Set<PosixFilePermission> OTHERS =
            PosixFilePermissions.fromString("---rwxrwx");
    private static final Set<PosixFilePermission> GIVEN =
            EnumSet.of(PosixFilePermission.GROUP_READ);

    private FileMode() {}

    /**
     * A warning when more users can use a file than need to; empty otherwise. A file of another
     * user may be readable by its group: that is how Kubernetes mounts secrets.
     */
    public static Optional<String> openToOthers(Path file) {
        try {
            Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
            Set<PosixFilePermission> open = EnumSet.copyOf(OTHERS);
            open.retainAll(mode);
            return open.isEmpty() || open.equals(GIVEN) && !isOurs(file)
                    ? Optional.empty()
                    : Optional.of(
                            "%s has mode %s: take it from group and others"
                                    .formatted(file, PosixFilePermissions.toString(mode)));
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.empty();
        }
    }

    private static boolean isOurs(Path file) throws IOException {
        return Files.getAttribute(file, "unix:uid")
                .equals(Files.getAttribute(THIS_PROCESS, "unix:uid"));
    }
}

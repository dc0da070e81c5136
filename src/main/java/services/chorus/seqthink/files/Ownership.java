package services.chorus.seqthink.files;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;

/** A file's owner and group, for the file that replaces it. */
record Ownership(Path file, PosixFileAttributes attributes) {

    private static final int ROOT = 0;
    private static final Set<PosixFilePermission> OF_THE_GROUP =
            PosixFilePermissions.fromString("---rwx---");

    static Ownership of(Path file) throws IOException {
        return new Ownership(file, Files.readAttributes(file, PosixFileAttributes.class));
    }

    /**
     * Those that a file needs: its own, or its folder's when there is no file yet. Empty when that
     * folder is shared by several users: root's, as the volumes of Kubernetes are, or one that all
     * may write to.
     */
    static Optional<Ownership> wanted(Path file) throws IOException {
        try {
            return Optional.of(of(file));
        } catch (NoSuchFileException e) {
            Ownership folder = of(file.getParent());
            return folder.isShared() ? Optional.empty() : Optional.of(folder);
        }
    }

    /**
     * Gives them a file that this process has just made.
     *
     * @throws UnusableFileException when this process's user may not
     */
    void passTo(Path made) throws IOException {
        // nobody may put a link there and have what it leads to
        var view = Files.getFileAttributeView(made, PosixFileAttributeView.class, NOFOLLOW_LINKS);
        PosixFileAttributes present = view.readAttributes();
        try {
            if (!present.owner().equals(attributes.owner())) {
                view.setOwner(attributes.owner());
            }
        } catch (FileSystemException e) {
            throw refusal();
        }
        try {
            if (!present.group().equals(attributes.group())) {
                view.setGroup(attributes.group());
            }
        } catch (FileSystemException e) {
            if (isTheGroupsToo()) {
                throw refusal();
            }
        }
    }

    UnusableFileException refusal() {
        return new UnusableFileException(
                "%s belongs to %s:%s: run this as that user"
                        .formatted(
                                file, attributes.owner().getName(), attributes.group().getName()));
    }

    private boolean isTheGroupsToo() {
        return attributes.isRegularFile()
                && !Collections.disjoint(attributes.permissions(), OF_THE_GROUP);
    }

    private boolean isShared() throws IOException {
        return attributes.permissions().contains(PosixFilePermission.OTHERS_WRITE)
                || Files.getAttribute(file, "unix:uid").equals(ROOT);
    }
}

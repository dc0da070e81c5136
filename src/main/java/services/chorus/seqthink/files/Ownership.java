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

/** A file's owner and group, to give to the file that replaces it. */
record Ownership(Path file, PosixFileAttributes attributes) {

    private static final int ROOT = 0;
    private static final Set<PosixFilePermission> GROUP_ACCESS =
            PosixFilePermissions.fromString("---rwx---");

    static Ownership of(Path file) throws IOException {
        return new Ownership(file, Files.readAttributes(file, PosixFileAttributes.class));
    }

    /**
     * The owner and group that a file should have: its own or, when it does not exist, its
     * folder's. Empty when several users share that folder: it belongs to root, as the volumes of
     * Kubernetes do, or everybody can write to it.
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
     * Sets the owner and group of a file that this process has just created.
     *
     * @throws UnusableFileException when this process is not permitted to
     */
    void giveTo(Path made) throws IOException {
        // follows no link, by which another user could obtain its target
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
            if (groupHasAccess()) {
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

    private boolean groupHasAccess() {
        return attributes.isRegularFile()
                && !Collections.disjoint(attributes.permissions(), GROUP_ACCESS);
    }

    private boolean isShared() throws IOException {
        return attributes.permissions().contains(PosixFilePermission.OTHERS_WRITE)
                || Files.getAttribute(file, "unix:uid").equals(ROOT);
    }
}

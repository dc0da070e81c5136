package services.chorus.seqthink.files;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** Files that only their owner can read, from their creation on. */
public final class PrivateFile {

    /** Computes a file's next content from its present content; both are wiped afterwards. */
    @FunctionalInterface
    public interface Change {
        byte[] of(byte[] content) throws IOException;
    }

    private static final Path STANDARD_INPUT = Path.of("-");
    private static final Path THIS_PROCESS = Path.of("/proc/self");
    private static final Set<PosixFilePermission> OTHERS =
            PosixFilePermissions.fromString("---rwxrwx");
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final Set<PosixFilePermission> GROUP_READ_ONLY =
            EnumSet.of(PosixFilePermission.GROUP_READ);

    private PrivateFile() {}

    /**
     * A warning when a file gives access to more users than necessary. A file of another user may
     * be readable by its group: that is how Kubernetes mounts secrets.
     */
    public static Optional<String> openToOthers(Path file) {
        try {
            Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
            Set<PosixFilePermission> open = EnumSet.copyOf(OTHERS);
            open.retainAll(mode);
            return open.isEmpty()
                            || open.equals(GROUP_READ_ONLY)
                                    && !Files.getAttribute(file, "unix:uid")
                                            .equals(Files.getAttribute(THIS_PROCESS, "unix:uid"))
                    ? Optional.empty()
                    : Optional.of(
                            "%s has mode %s: remove the access of group and others"
                                    .formatted(file, PosixFilePermissions.toString(mode)));
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.empty();
        }
    }

    /**
     * Reads the first line of a file that holds a secret in UTF-8.
     *
     * @param file or {@code -} for standard input
     * @return for the caller to wipe
     * @throws UnusableFileException when the first line is empty
     */
    public static byte[] readSecret(Path file, InputStream in) throws IOException {
        boolean piped = file.equals(STANDARD_INPUT);
        byte[] content = piped ? in.readAllBytes() : Files.readAllBytes(file);
        try {
            int end = 0;
            while (end < content.length && content[end] != '\n' && content[end] != '\r') {
                end++;
            }
            byte[] secret = Arrays.copyOf(content, end);
            if (secret.length == 0) {
                throw new UnusableFileException(
                        "%s does not begin with a secret: write the client's secret to it"
                                .formatted(piped ? "standard input" : file));
            }
            return secret;
        } finally {
            Arrays.fill(content, (byte) 0);
        }
    }

    /**
     * Creates a file of mode 0600, completely or, when it cannot be written, not at all.
     *
     * @throws java.nio.file.FileAlreadyExistsException when there is one already
     */
    public static void write(Path path, byte[] content) throws IOException {
        try (FileChannel out = AtomicFile.createNew(path)) {
            AtomicFile.writeThrough(out, content);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (IOException e) {
            Files.deleteIfExists(path);
            throw e;
        }
        AtomicFile.syncFolder(path.toAbsolutePath());
    }

    /**
     * Creates a file of mode 0600, or replaces one, whatever its mode: completely or not at all. A
     * replaced file keeps its owner.
     *
     * @throws UnusableFileException when the path is a link, a device or a folder; that stays
     */
    public static void replace(Path path, byte[] content) throws IOException {
        Path file = path.toAbsolutePath();
        if (Files.exists(file, NOFOLLOW_LINKS) && !Files.isRegularFile(file, NOFOLLOW_LINKS)) {
            throw new UnusableFileException(
                    path + " is a link, a device or a folder: give the path of a file");
        }
        // named at random, so that no other process writes to it
        Path next = Files.createTempFile(file.getParent(), ".", ".next", OWNER_ONLY);
        try (FileChannel out = FileChannel.open(next, StandardOpenOption.WRITE)) {
            Optional<Ownership> owner = Ownership.wanted(file);
            if (owner.isPresent()) {
                owner.get().giveTo(next);
            }
            AtomicFile.writeThrough(out, content);
            move(next, file);
        } finally {
            Files.deleteIfExists(next);
        }
        AtomicFile.syncFolder(file);
    }

    /**
     * Replaces a file's content, completely or not at all. Owner, group and mode stay. If the path
     * is a link, its target is replaced. Of two concurrent calls one fails.
     *
     * @throws UnusableFileException when the file cannot be replaced
     */
    public static void rewrite(Path path, Change change) throws IOException {
        Path file = path.toRealPath();
        Path next = file.resolveSibling(file.getFileName() + ".next");
        // also serves as the lock, so it is created before the file is read
        try (FileChannel out = begin(next)) {
            try {
                write(file, change, out);
                // all who could read the file before can still read it
                Ownership.of(file).giveTo(next);
                Files.setPosixFilePermissions(next, Files.getPosixFilePermissions(file));
                move(next, file);
            } catch (IOException | RuntimeException e) {
                Files.deleteIfExists(next);
                throw e;
            }
        }
        AtomicFile.syncFolder(file);
    }

    private static FileChannel begin(Path next) throws IOException {
        try {
            return AtomicFile.createNew(next);
        } catch (FileAlreadyExistsException e) {
            throw new UnusableFileException(
                    next
                            + " exists: another process is changing the file, or was interrupted. If"
                            + " none is running, remove it");
        } catch (FileSystemException e) {
            throw readOnly(next, e);
        }
    }

    private static void write(Path file, Change change, FileChannel out) throws IOException {
        byte[] before = Files.readAllBytes(file);
        byte[] after = {};
        try {
            after = change.of(before);
            AtomicFile.writeThrough(out, after);
        } finally {
            Arrays.fill(before, (byte) 0);
            Arrays.fill(after, (byte) 0);
        }
    }

    private static void move(Path next, Path file) throws IOException {
        try {
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            throw readOnly(file, e);
        }
    }

    private static UnusableFileException readOnly(Path file, FileSystemException why) {
        return new UnusableFileException(
                "%s cannot be written (%s): if it is a mounted secret, change a copy and publish that"
                        .formatted(
                                file, Optional.ofNullable(why.getReason()).orElse("not allowed")));
    }
}

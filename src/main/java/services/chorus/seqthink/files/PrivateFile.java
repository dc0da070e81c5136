package services.chorus.seqthink.files;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Optional;

/** Files that only their owner reads, from their first moment on. */
public final class PrivateFile {

    /** Makes a file's next content of the present one; both are wiped afterwards. */
    @FunctionalInterface
    public interface Change {
        byte[] of(byte[] content) throws IOException;
    }

    private PrivateFile() {}

    /**
     * Makes a new file of mode 0600.
     *
     * @throws java.nio.file.FileAlreadyExistsException when there is one already
     */
    public static OutputStream create(Path path) throws IOException {
        return Channels.newOutputStream(AtomicFile.createNew(path));
    }

    /**
     * Makes a new file of mode 0600: whole, or not at all where it cannot be written.
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
     * Replaces a file by its next content: whole, or not at all whatever happens. Owner, group and
     * mode stay. Where the path is a link, the file it leads to is replaced. Of two at once one
     * fails.
     */
    public static void rewrite(Path path, Change change) throws IOException {
        Path file = path.toRealPath();
        Path next = file.resolveSibling(file.getFileName() + ".next");
        // it is the lock, too, and so made before the file is read
        try (FileChannel out = begin(next)) {
            try {
                write(file, change, out);
                resemble(file, next);
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
                            + " exists: the file is being changed, or a change was cut short; when"
                            + " nothing is at work on it, remove that");
        } catch (FileSystemException e) {
            throw fixed(next, e);
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

    /** Whoever could read the file before must not lose it by the change. */
    private static void resemble(Path file, Path next) throws IOException {
        try {
            Ownership.of(file).passTo(next);
        } catch (AnothersFileException e) {
            throw new UnusableFileException(e.getMessage());
        }
        Files.setPosixFilePermissions(next, Files.getPosixFilePermissions(file));
    }

    private static void move(Path next, Path file) throws IOException {
        try {
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            throw fixed(file, e);
        }
    }

    private static UnusableFileException fixed(Path file, FileSystemException why) {
        return new UnusableFileException(
                "%s cannot be written (%s): of a mounted secret change a copy, and publish that"
                        .formatted(
                                file, Optional.ofNullable(why.getReason()).orElse("not allowed")));
    }
}

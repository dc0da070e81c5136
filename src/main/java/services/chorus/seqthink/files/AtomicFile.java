package services.chorus.seqthink.files;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A file of mode 0600 that is replaced whole or not at all: temporary file in the same folder,
 * fsync, rename, fsync of the folder. Changes are one after the other, among processes too, by a
 * lock on a file beside it ({@code .lock}). Whoever changes it, it stays its owner's, and a new one
 * becomes its folder's owner's, unless several share the folder. Safe for use by several threads;
 * one instance for each path in a process.
 */
public final class AtomicFile {

    private final Path path;

    /** The file need not exist yet, its folder must when it is changed. */
    public AtomicFile(Path path) {
        this.path = path.toAbsolutePath();
    }

    /** Where it is, absolute. */
    public Path path() {
        return path;
    }

    /** What it holds, for the caller to wipe; empty when there is no file. */
    public Optional<byte[]> read() throws IOException {
        try {
            return Optional.of(Files.readAllBytes(path));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Reads the file and may replace it. */
    @FunctionalInterface
    public interface Change<T> {

        /**
         * @param file to be replaced by this call only
         */
        T of(Draft file) throws IOException;
    }

    /** The file while nobody else changes it. */
    public final class Draft {

        private Draft() {}

        /**
         * Replaces the content; the bytes stay the caller's.
         *
         * @throws UnusableFileException when it is another user's, for whom it cannot be made
         */
        public void replace(byte[] content) throws IOException {
            AtomicFile.replace(path, content);
        }
    }

    /** Lets the file be changed while nobody else does, and returns what the change does. */
    public synchronized <T> T update(Change<T> change) throws IOException {
        try (FileChannel lock = openLock(path);
                var _ = lock.lock()) {
            return change.of(new Draft());
        }
    }

    /** The channel to lock while a file is changed; whoever may change that may open it, too. */
    static FileChannel openLock(Path path) throws IOException {
        Path lock = beside(path, ".lock");
        try {
            return createFor(Ownership.wanted(path), lock);
        } catch (FileAlreadyExistsException e) {
            // opened below
        }
        try {
            return FileChannel.open(lock, WRITE, NOFOLLOW_LINKS);
        } catch (AccessDeniedException e) {
            throw Ownership.of(lock).refusal();
        }
    }

    private static FileChannel createFor(Optional<Ownership> owner, Path path) throws IOException {
        FileChannel made = createNew(path);
        try {
            if (owner.isPresent()) {
                owner.get().passTo(path);
            }
            return made;
        } catch (IOException e) {
            made.close();
            Files.deleteIfExists(path);
            throw e;
        }
    }

    /** A new file of mode 0600 from its first moment on; fails when there is one already. */
    public static FileChannel createNew(Path path) throws IOException {
        return FileChannel.open(
                path,
                Set.of(CREATE_NEW, WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    /** Writes all bytes, and waits until the disk has them. */
    public static void writeThrough(FileChannel out, byte[] content) throws IOException {
        ByteBuffer rest = ByteBuffer.wrap(content);
        while (rest.hasRemaining()) {
            out.write(rest);
        }
        out.force(true);
    }

    /** Waits until the disk has a file's name. */
    public static void syncFolder(Path file) throws IOException {
        try (FileChannel folder = FileChannel.open(file.getParent(), READ)) {
            folder.force(true);
        }
    }

    /** Replaces a file's content; only while nobody else may change it. */
    static void replace(Path path, byte[] content) throws IOException {
        Path temporary = temporary(path);
        // under the lock, one that is there was left by a crash
        Files.deleteIfExists(temporary);
        try (FileChannel out = createFor(Ownership.wanted(path), temporary)) {
            writeThrough(out, content);
        }
        Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE);
        syncFolder(path);
    }

    /** What holds a file's next content until that is whole. */
    static Path temporary(Path path) {
        return beside(path, ".tmp");
    }

    private static Path beside(Path path, String suffix) {
        return path.resolveSibling(path.getFileName() + suffix);
    }

    /**
     * Locks files against changes through {@link AtomicFile}, by this process or another, until
     * this is closed.
     */
    public static final class FileLocks implements AutoCloseable {

        private final Deque<FileChannel> locks = new ArrayDeque<>();

        private FileLocks() {}

        /** Waits until whoever changes one of the files is done. They need not be there. */
        public static FileLocks hold(Collection<Path> paths) throws IOException {
            var held = new FileLocks();
            try {
                // in one order, so that no two wait for each other
                for (Path path : new TreeSet<>(paths)) {
                    FileChannel lock = AtomicFile.openLock(path.toAbsolutePath());
                    held.locks.push(lock);
                    lock.lock();
                }
                return held;
            } catch (IOException | RuntimeException e) {
                held.close();
                throw e;
            }
        }

        @Override
        public void close() throws IOException {
            while (!locks.isEmpty()) {
                // a lock ends with its channel
                locks.pop().close();
            }
        }
    }
}

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
 * A file of mode 0600 that is replaced completely or not at all: temporary file in the same folder,
 * fsync, rename, fsync of the folder. A lock on a file beside it ({@code .lock}) serializes
 * changes, also between processes. A changed file keeps its owner; a new one gets the owner of its
 * folder, unless several users share that. Safe for use by several threads; use one instance for
 * each path in a process.
 */
public final class AtomicFile {

    private final Path path;

    /** The file need not exist; its folder must exist when the file is changed. */
    public AtomicFile(Path path) {
        this.path = path.toAbsolutePath();
    }

    /** The absolute path. */
    public Path path() {
        return path;
    }

    /** The content, for the caller to wipe; empty when there is no file. */
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
         * @param file must not be used after this call
         */
        T of(Draft file) throws IOException;
    }

    /** The file while it is locked. */
    public final class Draft {

        private Draft() {}

        /**
         * Replaces the content; the bytes stay the caller's.
         *
         * @throws UnusableFileException when another user owns the file and this process cannot
         *     create a file for that user
         */
        public void replace(byte[] content) throws IOException {
            AtomicFile.replace(path, content);
        }
    }

    /** Calls a change while the file is locked, and returns its result. */
    public synchronized <T> T update(Change<T> change) throws IOException {
        try (FileChannel lock = openLock(path);
                var _ = lock.lock()) {
            return change.of(new Draft());
        }
    }

    /** Opens the lock file of a file, with the same owner. */
    static FileChannel openLock(Path path) throws IOException {
        Path lock = sibling(path, ".lock");
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
                owner.get().giveTo(path);
            }
            return made;
        } catch (IOException e) {
            made.close();
            Files.deleteIfExists(path);
            throw e;
        }
    }

    /** Creates a file with mode 0600; fails when it exists. */
    public static FileChannel createNew(Path path) throws IOException {
        return FileChannel.open(
                path,
                Set.of(CREATE_NEW, WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    /** Writes all bytes and waits until they are on the disk. */
    public static void writeThrough(FileChannel out, byte[] content) throws IOException {
        ByteBuffer rest = ByteBuffer.wrap(content);
        while (rest.hasRemaining()) {
            out.write(rest);
        }
        out.force(true);
    }

    /** Waits until the name of a file is on the disk. */
    public static void syncFolder(Path file) throws IOException {
        try (FileChannel folder = FileChannel.open(file.getParent(), READ)) {
            folder.force(true);
        }
    }

    /** Replaces a file's content; requires its lock. */
    static void replace(Path path, byte[] content) throws IOException {
        Path temporary = temporary(path);
        // an existing one was left by a crash, since this process holds the lock
        Files.deleteIfExists(temporary);
        try (FileChannel out = createFor(Ownership.wanted(path), temporary)) {
            writeThrough(out, content);
        }
        Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE);
        syncFolder(path);
    }

    /** The file that the next content is written to first. */
    static Path temporary(Path path) {
        return sibling(path, ".tmp");
    }

    private static Path sibling(Path path, String suffix) {
        return path.resolveSibling(path.getFileName() + suffix);
    }

    /** Locks on files, against changes through {@link AtomicFile} by any process, until closed. */
    public static final class FileLocks implements AutoCloseable {

        private final Deque<FileChannel> locks = new ArrayDeque<>();

        private FileLocks() {}

        /** Waits for the lock of each file. The files need not exist. */
        public static FileLocks hold(Collection<Path> paths) throws IOException {
            var held = new FileLocks();
            try {
                // sorted, so that two processes cannot deadlock
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
                // closing the channel releases the lock
                locks.pop().close();
            }
        }
    }
}

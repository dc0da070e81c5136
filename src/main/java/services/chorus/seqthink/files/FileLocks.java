package services.chorus.seqthink.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.TreeSet;

/**
 * Locks files against changes through {@link AtomicFile}, by this process or another, until this is
 * closed.
 */
public final class FileLocks implements AutoCloseable {

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

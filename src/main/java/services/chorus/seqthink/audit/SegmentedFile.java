package services.chorus.seqthink.audit;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A log on disk, in append-only files of a bounded size. One process at a time writes it. */
final class SegmentedFile implements Sink {

    private final Segments segments;
    private final long maxBytes;
    private final FileChannel lock;
    private final Tail found;
    private Optional<FileChannel> current = Optional.empty();

    /**
     * Opens a log, which may be new.
     *
     * @param maxBytes size at which another file is begun
     * @throws IOException when it cannot be written, or another process writes it
     */
    static SegmentedFile open(Path path, long maxBytes) throws IOException {
        Segments segments = new Segments(path);
        FileChannel lock = lock(segments);
        try {
            return new SegmentedFile(segments, maxBytes, lock);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private SegmentedFile(Segments segments, long maxBytes, FileChannel lock) throws IOException {
        this.segments = segments;
        this.maxBytes = maxBytes;
        this.lock = lock;
        List<Path> files = segments.inOrder();
        this.found = Tail.of(files);
        if (!files.isEmpty()) {
            current = Optional.of(FileChannel.open(files.getLast(), WRITE, APPEND));
        }
    }

    Tail found() {
        return found;
    }

    @Override
    public String name() {
        return segments.path().toString();
    }

    @Override
    public void write(ByteBuffer lines, long first) throws IOException {
        boolean goesOn = lines.position() > 0;
        if (current.isEmpty() || !goesOn && current.get().size() >= maxBytes) {
            begin(first);
        }
        FileChannel file = current.get();
        while (lines.hasRemaining()) {
            file.write(lines);
        }
    }

    @Override
    public void force() throws IOException {
        if (current.isPresent()) {
            current.get().force(false);
        }
    }

    @Override
    public void close() throws IOException {
        try (lock) {
            if (current.isPresent()) {
                current.get().close();
            }
        }
    }

    private void begin(long first) throws IOException {
        Optional<FileChannel> full = current;
        current = Optional.of(create(segments.beginningWith(first), CREATE_NEW, WRITE, APPEND));
        if (full.isPresent()) {
            try (FileChannel ended = full.get()) {
                ended.force(true);
            }
        }
        try (FileChannel folder = FileChannel.open(segments.folder(), READ)) {
            folder.force(true);
        }
    }

    private static FileChannel lock(Segments segments) throws IOException {
        FileChannel channel = create(segments.lock(), CREATE, WRITE);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            // locked by this process
        }
        channel.close();
        throw new FileSystemException(
                segments.path().toString(), null, "another process writes this audit log");
    }

    private static FileChannel create(Path file, OpenOption... how) throws IOException {
        return FileChannel.open(
                file,
                Set.of(how),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----")));
    }

    /**
     * The files of one log: its path, a dot, and the number of the file's first record in 16
     * digits, so that the names sort in the order of the records.
     */
    record Segments(Path path) {

        List<Path> inOrder() throws IOException {
            Pattern name =
                    Pattern.compile(Pattern.quote(path.getFileName().toString()) + "\\.\\d{16}");
            try (Stream<Path> all = Files.list(folder())) {
                return all.filter(file -> name.matcher(file.getFileName().toString()).matches())
                        .sorted()
                        .toList();
            }
        }

        Path beginningWith(long sequence) {
            return path.resolveSibling("%s.%016d".formatted(path.getFileName(), sequence));
        }

        /** Locked by the writing process; not one of the files of {@link #inOrder}. */
        Path lock() {
            return path.resolveSibling("." + path.getFileName() + ".lock");
        }

        Path folder() {
            return path.toAbsolutePath().getParent();
        }
    }
}

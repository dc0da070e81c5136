package services.chorus.seqthink.issuer.store;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import services.chorus.seqthink.files.AtomicFile;
import services.chorus.seqthink.files.NewFiles;
import services.chorus.seqthink.files.UnusableFileException;

/** One JSON document in one {@link AtomicFile}. Safe for use by several threads. */
public final class StoreFile<T> {

    private final AtomicFile file;
    private final Function<byte[], T> reader;
    private final Function<T, byte[]> writer;

    public StoreFile(Path path, Class<T> type) {
        this(
                new AtomicFile(path),
                json -> document(json, type, path.toAbsolutePath()),
                StoreJson::write);
    }

    private StoreFile(AtomicFile file, Function<byte[], T> reader, Function<T, byte[]> writer) {
        this.file = file;
        this.reader = reader;
        this.writer = writer;
    }

    /**
     * The same file, its document converted.
     *
     * @param decode may throw a {@link StoreException}
     */
    public <U> StoreFile<U> as(Function<T, U> decode, Function<U, T> encode) {
        return new StoreFile<>(file, reader.andThen(decode), encode.andThen(writer));
    }

    /**
     * The document; empty when there is no file.
     *
     * @throws StoreException when the file cannot be read or is broken
     */
    public Optional<T> read() {
        return bytes().map(this::parse);
    }

    Optional<byte[]> bytes() {
        try {
            Optional<byte[]> bytes = file.read();
            if (bytes.isEmpty()) {
                requireInPlace(path());
            }
            return bytes;
        } catch (IOException e) {
            throw StoreException.unreadable(path());
        }
    }

    /**
     * Accepts a missing file, unless an interrupted restore has still to put it in place.
     *
     * @throws StoreException when the file is pending
     */
    public static void requireInPlace(Path path) {
        Optional<Path> rest = NewFiles.pending(path);
        if (rest.isPresent()) {
            throw StoreException.pending(path, rest.get());
        }
    }

    /** Parses the document and wipes the bytes. */
    T parse(byte[] bytes) {
        try {
            return reader.apply(bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private static <T> T document(byte[] json, Class<T> type, Path path) {
        try {
            return StoreJson.read(json, type);
        } catch (JsonProcessingException e) {
            JsonLocation place = e.getLocation();
            throw StoreException.broken(
                    path, place == null ? "not a JSON document" : "line " + place.getLineNr());
        }
    }

    /**
     * Replaces the document under the file's lock; writes nothing when {@code change} returns the
     * current document.
     *
     * @throws StoreException when the current document is broken (it stays), or nothing can be
     *     written
     */
    public void update(Function<Optional<T>, T> change) {
        try {
            file.update(
                    draft -> {
                        Optional<T> current = read();
                        T next = change.apply(current);
                        if (current.isEmpty() || current.get() != next) {
                            byte[] bytes = content(next);
                            try {
                                draft.replace(bytes);
                            } finally {
                                Arrays.fill(bytes, (byte) 0);
                            }
                        }
                        return next;
                    });
        } catch (UnusableFileException e) {
            throw new StoreException(e.getMessage());
        } catch (IOException e) {
            throw StoreException.unwritable(path());
        }
    }

    /** The bytes that the file would contain; the caller wipes them. */
    public byte[] content(T document) {
        return writer.apply(document);
    }

    /** The absolute path. */
    public Path path() {
        return file.path();
    }
}

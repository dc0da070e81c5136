package services.chorus.seqthink.issuer.store;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import services.chorus.seqthink.files.AtomicFile;
import services.chorus.seqthink.files.FileOwnerException;
import services.chorus.seqthink.files.NewFiles;

/** One JSON document in one {@link AtomicFile}, and as safe for use by several threads as that. */
public final class StoreFile<T> {

    private static final Set<PosixFilePermission> NOT_THE_OWNERS =
            Set.of(
                    PosixFilePermission.GROUP_READ,
                    PosixFilePermission.GROUP_WRITE,
                    PosixFilePermission.OTHERS_READ,
                    PosixFilePermission.OTHERS_WRITE);

    private final AtomicFile file;
    private final Path path;
    private final Reading<T> reading;
    private final Function<T, ?> writing;

    private interface Reading<T> {
        Optional<T> of(byte[] json) throws JsonProcessingException;
    }

    public StoreFile(Path path, Class<T> type) {
        this(new AtomicFile(path), json -> StoreJson.read(json, type), Function.identity());
    }

    private StoreFile(AtomicFile file, Reading<T> reading, Function<T, ?> writing) {
        this.file = file;
        this.path = file.path();
        this.reading = reading;
        this.writing = writing;
    }

    /**
     * The same file for what its document stands for.
     *
     * @param meaning may throw a {@link StoreException}, such as {@link #broken}
     * @param document the reverse
     */
    public <U> StoreFile<U> as(Function<T, U> meaning, Function<U, T> document) {
        return new StoreFile<>(
                file, json -> reading.of(json).map(meaning), document.andThen(writing));
    }

    /**
     * What the file holds; empty when there is no file.
     *
     * @throws StoreException when it cannot be read or is broken
     */
    public Optional<T> read() {
        return bytes().map(this::parse);
    }

    public Optional<byte[]> bytes() {
        try {
            Optional<byte[]> bytes = file.read();
            if (bytes.isEmpty()) {
                requireInPlace(path);
            }
            return bytes;
        } catch (IOException e) {
            throw StoreException.unreadable(path);
        }
    }

    /**
     * Lets a file be missing, but not while a restored one waits for its place.
     *
     * @throws StoreException when one does
     */
    public static void requireInPlace(Path path) {
        NewFiles.pending(path)
                .ifPresent(
                        rest -> {
                            throw StoreException.pending(path, rest);
                        });
    }

    /** Reads the document and wipes the bytes. */
    public T parse(byte[] bytes) {
        try {
            return reading.of(bytes).orElseThrow(() -> StoreException.broken(path, "empty"));
        } catch (JsonProcessingException e) {
            throw StoreException.broken(path, place(e.getLocation()));
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /**
     * Puts what {@code change} makes of the present document in its place, under the lock; writes
     * nothing where it gives back the very one.
     *
     * @throws StoreException when the present document is broken (it stays), or nothing can be
     *     written
     */
    public T update(Function<Optional<T>, T> change) {
        try {
            return file.update(
                    draft -> {
                        Optional<T> present = read();
                        T document = change.apply(present);
                        if (present.isEmpty() || present.get() != document) {
                            replace(draft, content(document));
                        }
                        return document;
                    });
        } catch (FileOwnerException e) {
            throw StoreException.anothers(e);
        } catch (IOException e) {
            throw StoreException.unwritable(path);
        }
    }

    /** The document as the file would hold it, for the caller to wipe. */
    public byte[] content(T document) {
        return StoreJson.write(writing.apply(document));
    }

    public Path path() {
        return path;
    }

    public StoreException broken(String why) {
        return StoreException.broken(path, why);
    }

    /** As {@link #broken}, but the file is whole: {@code why} says what to do. */
    public StoreException unusable(String why) {
        return StoreException.unusable(path, why);
    }

    public StoreException gone() {
        return StoreException.gone(path);
    }

    /** What an operator should hear about the file, though it can be used. */
    public List<String> warnings() {
        try {
            return Collections.disjoint(Files.getPosixFilePermissions(path), NOT_THE_OWNERS)
                    ? List.of()
                    : List.of(path + " is open to others than its owner: chmod 600 it");
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw StoreException.unreadable(path);
        }
    }

    private static void replace(AtomicFile.Draft draft, byte[] bytes) throws IOException {
        try {
            draft.replace(bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private static String place(JsonLocation location) {
        return location == null ? "no JSON" : "line " + location.getLineNr();
    }
}

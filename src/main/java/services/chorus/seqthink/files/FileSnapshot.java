package services.chorus.seqthink.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import services.chorus.seqthink.hash.Sha256;

/**
 * The content of files of keys or certificates at one moment; wiped when closed. Not safe for use
 * by several threads.
 */
public final class FileSnapshot implements AutoCloseable {

    /** Far more than any file of keys needs. */
    static final int MAX_BYTES = 1 << 20;

    private final Map<Path, Content> files = new LinkedHashMap<>();

    /** The file exceeds {@link #MAX_BYTES} and was not read. */
    static final class TooLongException extends IOException {

        TooLongException() {
            super("The file is too long for keys or certificates");
        }
    }

    /**
     * @param mark changes when the file changes
     * @param failure why it could not be read
     */
    private record Content(String mark, byte[] bytes, Optional<IOException> failure) {}

    private FileSnapshot() {}

    /**
     * Reads the files; a failure to read one is kept for {@link #content}. Follows links, by which
     * Kubernetes swaps the files of a volume.
     */
    public static FileSnapshot of(List<Path> files) {
        FileSnapshot snapshot = new FileSnapshot();
        files.forEach(file -> snapshot.files.computeIfAbsent(file, FileSnapshot::read));
        return snapshot;
    }

    /** Reads one file. */
    public static FileSnapshot of(Path file) {
        return of(List.of(file));
    }

    /**
     * The content of a file; wiped when this is closed.
     *
     * @param file one of those given
     * @throws IOException when it could not be read
     */
    public byte[] content(Path file) throws IOException {
        Content content = files.get(file);
        if (content.failure().isPresent()) {
            throw content.failure().get();
        }
        return content.bytes();
    }

    /** Equal for two snapshots if no file changed between them. */
    String mark() {
        return String.join(" ", files.values().stream().map(Content::mark).toList());
    }

    @Override
    public void close() {
        files.values().forEach(content -> Arrays.fill(content.bytes(), (byte) 0));
    }

    private static Content read(Path file) {
        try {
            Path resolved = file.toRealPath();
            if (Files.size(resolved) > MAX_BYTES) {
                throw new TooLongException();
            }
            byte[] bytes = Files.readAllBytes(resolved);
            return new Content(resolved + " " + Sha256.base64url(bytes), bytes, Optional.empty());
        } catch (IOException e) {
            return new Content(e.getClass().getName(), new byte[0], Optional.of(e));
        }
    }
}

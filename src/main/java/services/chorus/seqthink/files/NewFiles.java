package services.chorus.seqthink.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Stream;
import services.chorus.seqthink.files.AtomicFile.FileLocks;

/**
 * Creates several files of mode 0600: all or none, replacing no file. All are written under other
 * names before the first is renamed, so that a crash leaves the last of them {@linkplain #pending
 * pending} until all are in place.
 */
public final class NewFiles {

    private static final String PENDING = ".pending";

    private NewFiles() {}

    /**
     * The file, perhaps incomplete, that a crash kept from being renamed to a path; empty when the
     * path exists.
     */
    public static Optional<Path> pending(Path path) {
        return exists(path)
                ? Optional.empty()
                : Stream.of(aside(path), AtomicFile.temporary(aside(path)))
                        .filter(NewFiles::exists)
                        .findFirst();
    }

    /**
     * Creates the files. Completes an earlier call with the same contents that a crash interrupted.
     *
     * @param contents by path; stay the caller's. The last file is renamed last: if it exists, all
     *     do
     * @return the files that exist already, in which case nothing was created; empty on success
     * @throws IOException when one cannot be written: none is created, or the rest are pending
     */
    public static List<Path> create(SequencedMap<Path, byte[]> contents) throws IOException {
        try (var _ = FileLocks.hold(contents.keySet())) {
            List<Path> there = contents.keySet().stream().filter(NewFiles::exists).toList();
            if (!there.isEmpty() && !isBeginning(there, contents)) {
                return there;
            }
            var missing = new LinkedHashMap<>(contents);
            missing.keySet().removeAll(there);
            writeAside(missing, there.isEmpty());
            for (Path path : missing.keySet()) {
                Files.move(aside(path), path, StandardCopyOption.ATOMIC_MOVE);
                AtomicFile.syncFolder(path.toAbsolutePath());
            }
            return List.of();
        }
    }

    private static boolean isBeginning(List<Path> there, SequencedMap<Path, byte[]> contents)
            throws IOException {
        if (exists(contents.lastEntry().getKey())) {
            return false;
        }
        for (Path path : there) {
            if (!Arrays.equals(Files.readAllBytes(path), contents.get(path))) {
                return false;
            }
        }
        return true;
    }

    private static void writeAside(SequencedMap<Path, byte[]> contents, boolean first)
            throws IOException {
        try {
            // the last one first, so that it is pending as long as any other is
            for (Map.Entry<Path, byte[]> file : contents.reversed().entrySet()) {
                AtomicFile.replace(aside(file.getKey()).toAbsolutePath(), file.getValue());
            }
        } catch (IOException e) {
            if (first) {
                for (Path path : contents.keySet()) {
                    Files.deleteIfExists(AtomicFile.temporary(aside(path)));
                    Files.deleteIfExists(aside(path));
                }
            }
            throw e;
        }
    }

    private static Path aside(Path path) {
        return path.resolveSibling(path.getFileName() + PENDING);
    }

    private static boolean exists(Path path) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }
}

package services.chorus.seqthink.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files of one log: its path, a dot, and the number of the file's first record in 16 digits, so
 * that their names sort as their records do.
 */
record Segments(Path path) {

    List<Path> inOrder() throws IOException {
        Pattern name = Pattern.compile(Pattern.quote(path.getFileName().toString()) + "\\.\\d{16}");
        try (Stream<Path> beside = Files.list(folder())) {
            return beside.filter(file -> name.matcher(file.getFileName().toString()).matches())
                    .sorted()
                    .toList();
        }
    }

    Path beginningWith(long sequence) {
        return path.resolveSibling("%s.%016d".formatted(path.getFileName(), sequence));
    }

    /** Whoever writes holds it; its name does not match those of the files. */
    Path lock() {
        return path.resolveSibling("." + path.getFileName() + ".lock");
    }

    Path folder() {
        return path.toAbsolutePath().getParent();
    }
}

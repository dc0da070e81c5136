package services.chorus.seqthink.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.UUID;

/**
 * Texts that must not be in a log: every thought, token and key of the tests is noted in a file,
 * and {@code LogSecrecyIT} searches all logs of the run for each.
 */
public final class Canaries {

    private static final Path NOTES = Path.of("target", "canaries.txt");

    private Canaries() {}

    /** Notes a secret and returns it. */
    public static String note(String secret) {
        try {
            Files.createDirectories(NOTES.getParent());
            Files.writeString(
                    NOTES,
                    secret + "\n",
                    StandardCharsets.UTF_8,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
            return secret;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A unique thought. */
    public static String thought() {
        return note("thought-" + UUID.randomUUID());
    }

    /** Every secret noted by this run so far. */
    public static List<String> noted() {
        try {
            return Files.readAllLines(NOTES, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

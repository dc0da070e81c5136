package services.chorus.seqthink.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import services.chorus.seqthink.age.AgeException;
import services.chorus.seqthink.age.KeyRecipient;

/** Age keys named on the command line; a fault names the option or the file. */
final class KeyFiles {

    private static final int BEGINNING = 40;

    private KeyFiles() {}

    @FunctionalInterface
    interface Parser<K> {
        K parse(byte[] content) throws IOException;
    }

    /**
     * @param kind {@code identities} or {@code recipients}
     */
    static <K> K read(Path file, String kind, Parser<K> parser) throws IOException {
        if (Files.isDirectory(file)) {
            throw new FileSystemException(file.toString(), null, "it is a folder");
        }
        byte[] content = Files.readAllBytes(file);
        try {
            return parse(file, kind, content, parser);
        } finally {
            Arrays.fill(content, (byte) 0);
        }
    }

    static <K> K parse(Path file, String kind, byte[] content, Parser<K> parser)
            throws IOException {
        try {
            return parser.parse(content);
        } catch (AgeException e) {
            throw new IOException(fault(file, kind, content, e));
        }
    }

    static KeyRecipient recipient(String option, String text) throws IOException {
        try {
            return KeyRecipient.parse(text);
        } catch (AgeException e) {
            throw new IOException("%s: %s".formatted(option, e.getMessage()));
        }
    }

    static Optional<KeyRecipient> recipient(String option, Optional<String> text)
            throws IOException {
        return text.isPresent() ? Optional.of(recipient(option, text.get())) : Optional.empty();
    }

    private static String fault(Path file, String kind, byte[] content, AgeException why) {
        String beginning = new String(content, 0, Math.min(content.length, BEGINNING), ISO_8859_1);
        if (beginning.startsWith("age-encryption.org/")
                || beginning.startsWith("-----BEGIN AGE ENCRYPTED FILE")) {
            return "%s is itself encrypted: decrypt it with age --decrypt first".formatted(file);
        }
        return "%s cannot be used as a file of age %s: %s".formatted(file, kind, why.getMessage());
    }
}

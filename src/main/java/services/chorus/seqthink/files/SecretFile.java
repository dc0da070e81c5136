package services.chorus.seqthink.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** A file of one secret in UTF-8, with or without an end of line. */
public final class SecretFile {

    private static final Path STANDARD_INPUT = Path.of("-");

    private SecretFile() {}

    /**
     * Reads a secret, for the caller to wipe.
     *
     * @param file or {@code -} for standard input
     */
    public static byte[] read(Path file, InputStream in) throws IOException {
        boolean piped = file.equals(STANDARD_INPUT);
        byte[] content = piped ? in.readAllBytes() : Files.readAllBytes(file);
        try {
            byte[] secret = Arrays.copyOf(content, endOfLine(content));
            if (secret.length == 0) {
                throw new UnusableFileException(
                        "%s does not begin with a secret: write the client's secret to it"
                                .formatted(piped ? "standard input" : file));
            }
            return secret;
        } finally {
            Arrays.fill(content, (byte) 0);
        }
    }

    private static int endOfLine(byte[] content) {
        int end = 0;
        while (end < content.length && content[end] != '\n' && content[end] != '\r') {
            end++;
        }
        return end;
    }
}

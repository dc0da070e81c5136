package services.chorus.seqthink.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import services.chorus.seqthink.hash.Sha256;

/** A file of keys or certificates as it was found at one moment. */
public sealed interface Glimpse extends Sighting {

    /** Far more than any lot of keys takes. */
    int MOST_BYTES = 1 << 20;

    /**
     * What the file held; wiped when this is closed.
     *
     * @throws IOException why it could not be read
     */
    byte[] content() throws IOException;

    /** The file was read. */
    record Seen(String mark, byte[] content) implements Glimpse {
        @Override
        public void close() {
            Arrays.fill(content, (byte) 0);
        }

        @Override
        public String toString() {
            return "Seen[" + mark + "]";
        }
    }

    /** The file could not be read. */
    record Unseen(IOException why) implements Glimpse {
        @Override
        public String mark() {
            return why.getClass().getName();
        }

        @Override
        public byte[] content() throws IOException {
            throw why;
        }

        @Override
        public void close() {
            // nothing was read
        }
    }

    /**
     * Looks at a file. Whatever way it was changed shows: its content is read each time, and the
     * links to it are followed anew, which is how Kubernetes swaps the files of a volume.
     */
    static Glimpse of(Path file) {
        try {
            Path resolved = file.toRealPath();
            byte[] content = read(resolved);
            return new Seen(resolved + " " + Sha256.base64url(content), content);
        } catch (IOException e) {
            return new Unseen(e);
        }
    }

    private static byte[] read(Path file) throws IOException {
        if (Files.size(file) > MOST_BYTES) {
            throw new TooLongException();
        }
        return Files.readAllBytes(file);
    }
}

package services.chorus.seqthink.audit;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import services.chorus.seqthink.json.StrictBase64;

/**
 * The last record of a chain. Whoever knows it can tell whether that record and all before it are
 * those that were written.
 *
 * @param sequence the record's number; the first record's is 1
 * @param hash unpadded base64url SHA-256 of its line, the line break apart
 */
public record Head(long sequence, String hash) {

    /** Before the first record. */
    public static final Head NONE = new Head(0, StrictBase64.encode(new byte[32]));

    private static final Pattern FORM = Pattern.compile("(0|[1-9]\\d{0,17}):([\\w-]{43})");

    public Head {
        requireNonNull(hash, "hash is null");
    }

    /** Reads {@code SEQ:HASH}; empty when the text is anything else. */
    public static Optional<Head> parse(String text) {
        Matcher form = FORM.matcher(text);
        return form.matches() && isHash(form.group(2))
                ? Optional.of(new Head(Long.parseLong(form.group(1)), form.group(2)))
                : Optional.empty();
    }

    /**
     * The last whole record of a log's files, which are in their order; empty when there is none.
     *
     * @throws IOException when a file cannot be read
     */
    public static Optional<Head> of(List<Path> files) throws IOException {
        // a file that was just begun may have no record yet
        for (Path file : files.reversed()) {
            Optional<Head> head = Tail.of(file).head();
            if (head.isPresent()) {
                return head;
            }
        }
        return Optional.empty();
    }

    static boolean isHash(String text) {
        return StrictBase64.decode(text).filter(bytes -> bytes.length == 32).isPresent();
    }

    /** The form that {@link #parse} reads. */
    @Override
    public String toString() {
        return sequence + ":" + hash;
    }
}

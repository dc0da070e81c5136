package services.chorus.seqthink.audit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import services.chorus.seqthink.json.StrictBase64;

/**
 * The last record of a chain. It suffices to verify that this record and all before it are
 * unchanged.
 *
 * @param sequence the record's number; the first record's is 1
 * @param hash unpadded base64url SHA-256 of its line, without the line break
 */
public record ChainHead(long sequence, String hash) {

    /** The head before the first record. */
    public static final ChainHead NONE = new ChainHead(0, StrictBase64.encode(new byte[32]));

    private static final Pattern FORM = Pattern.compile("(0|[1-9]\\d{0,17}):([\\w-]{43})");

    /** Reads {@code SEQ:HASH}; empty when the text is anything else. */
    public static Optional<ChainHead> parse(String text) {
        Matcher form = FORM.matcher(text);
        return form.matches() && isHash(form.group(2))
                ? Optional.of(new ChainHead(Long.parseLong(form.group(1)), form.group(2)))
                : Optional.empty();
    }

    /**
     * The last complete record in a log's files, which are given in order; empty when there is
     * none.
     *
     * @throws IOException when a file cannot be read
     */
    public static Optional<ChainHead> of(List<Path> files) throws IOException {
        return Optional.of(Tail.of(files).head()).filter(head -> !head.equals(NONE));
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

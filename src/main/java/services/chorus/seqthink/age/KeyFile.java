package services.chorus.seqthink.age;

import java.nio.CharBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Files of keys as {@code age} reads them: one key on each line; empty lines and lines that begin
 * with {@code #} are passed over; LF or CRLF.
 */
public final class KeyFile {

    private KeyFile() {}

    /** Takes a file's lines, for a reader with rules on top of these. */
    @FunctionalInterface
    public interface LineReader {

        /**
         * Takes one line.
         *
         * @param number of the line, from 1
         * @param line without its end; wiped when the whole file was read
         * @throws AgeException to end the reading
         */
        void read(int number, CharSequence line) throws AgeException;
    }

    /** Reads one line's key. */
    @FunctionalInterface
    private interface Parser<K> {
        K parse(CharSequence line) throws AgeException;
    }

    /**
     * Reads identities.
     *
     * @param content ASCII, for the caller to wipe
     * @return at least one, in the file's order, for the caller to close
     * @throws AgeException of kind {@code KEY} that names the faulty line's number and nothing of
     *     what stands there
     */
    public static List<KeyIdentity> identities(byte[] content) throws AgeException {
        List<KeyIdentity> identities = new ArrayList<>();
        try {
            parse(content, "identity", KeyIdentity::parse, identities);
            return List.copyOf(identities);
        } catch (AgeException e) {
            identities.forEach(KeyIdentity::close);
            throw e;
        }
    }

    /**
     * Reads recipients.
     *
     * @param content ASCII
     * @return at least one, in the file's order
     * @throws AgeException of kind {@code KEY} that names the faulty line's number
     */
    public static List<KeyRecipient> recipients(byte[] content) throws AgeException {
        List<KeyRecipient> recipients = new ArrayList<>();
        parse(content, "recipient", line -> KeyRecipient.parse(line.toString()), recipients);
        return List.copyOf(recipients);
    }

    /**
     * Reads a file line by line, those with nothing or a comment included.
     *
     * @param content for the caller to wipe; each byte is one character of a line
     */
    public static void lines(byte[] content, LineReader reader) throws AgeException {
        // never a String: this memory can be wiped
        char[] text = new char[content.length];
        for (int i = 0; i < text.length; i++) {
            text[i] = (char) (content[i] & 0xff);
        }
        try {
            int number = 0;
            for (int start = 0; start < text.length; ) {
                int end = indexOf('\n', text, start);
                reader.read(++number, line(text, start, end));
                start = end + 1;
            }
        } finally {
            Arrays.fill(text, '\0');
        }
    }

    /** Whether a line is passed over for a key: it is empty, or begins with {@code #}. */
    public static boolean isComment(CharSequence line) {
        return line.isEmpty() || line.charAt(0) == '#';
    }

    /**
     * Reads one line's identity.
     *
     * @throws AgeException as {@link #identities} does
     */
    public static KeyIdentity identity(int number, CharSequence line) throws AgeException {
        return key(number, line, KeyIdentity::parse);
    }

    private static <K> void parse(byte[] content, String kind, Parser<K> parser, List<K> keys)
            throws AgeException {
        lines(
                content,
                (number, line) -> {
                    if (!isComment(line)) {
                        keys.add(key(number, line, parser));
                    }
                });
        if (keys.isEmpty()) {
            throw AgeException.key("The file holds no %s: put one on a line".formatted(kind));
        }
    }

    private static <K> K key(int number, CharSequence line, Parser<K> parser) throws AgeException {
        try {
            return parser.parse(line);
        } catch (AgeException e) {
            throw AgeException.key(number, e.getMessage());
        }
    }

    private static CharBuffer line(char[] text, int start, int end) {
        int length = end - start;
        boolean crlf = length > 0 && text[end - 1] == '\r';
        return CharBuffer.wrap(text, start, crlf ? length - 1 : length);
    }

    private static int indexOf(char wanted, char[] text, int from) {
        int at = from;
        while (at < text.length && text[at] != wanted) {
            at++;
        }
        return at;
    }
}

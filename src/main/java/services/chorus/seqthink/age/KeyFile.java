package services.chorus.seqthink.age;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads key files as {@code age} does: one key a line, LF or CRLF; empty lines and lines that begin
 * with {@code #} are ignored.
 */
public final class KeyFile {

    private static final Pattern LINE_END = Pattern.compile("\r?(\n|\\z)");

    private KeyFile() {}

    /** Takes the lines of a file, for a format with rules of its own for comments. */
    @FunctionalInterface
    public interface LineReader {

        /**
         * Takes one line.
         *
         * @param number of the line, from 1
         * @param line without its end; wiped after the whole file was read
         */
        void read(int number, CharSequence line) throws AgeException;
    }

    @FunctionalInterface
    private interface Parser<K> {
        K parse(CharSequence line) throws AgeException;
    }

    /**
     * Reads identities.
     *
     * @param content ASCII, for the caller to wipe
     * @return at least one, in the file's order, for the caller to close
     * @throws AgeException of kind {@code KEY} that names the number of the faulty line, without
     *     its content
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
     * @throws AgeException of kind {@code KEY} that names the number of the faulty line
     */
    public static List<KeyRecipient> recipients(byte[] content) throws AgeException {
        List<KeyRecipient> recipients = new ArrayList<>();
        parse(content, "recipient", line -> KeyRecipient.parse(line.toString()), recipients);
        return List.copyOf(recipients);
    }

    /**
     * Reads a file line by line, including comments and empty lines.
     *
     * @param content for the caller to wipe; each byte is one character of a line
     */
    public static void lines(byte[] content, LineReader reader) throws AgeException {
        // not a String, which could not be wiped
        CharBuffer text = ISO_8859_1.decode(ByteBuffer.wrap(content));
        try {
            Matcher lineEnd = LINE_END.matcher(text);
            int start = 0;
            for (int number = 1; start < text.length() && lineEnd.find(); number++) {
                reader.read(number, text.subSequence(start, lineEnd.start()));
                start = lineEnd.end();
            }
        } finally {
            Arrays.fill(text.array(), '\0');
        }
    }

    /** Whether a line holds no key: it is empty or begins with {@code #}. */
    public static boolean isComment(CharSequence line) {
        return line.isEmpty() || line.charAt(0) == '#';
    }

    /** Reads the identity on one line; throws as {@link #identities} does. */
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
}

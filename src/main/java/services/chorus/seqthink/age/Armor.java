package services.chorus.seqthink.age;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * The text form of a file (age spec, "ASCII armor": RFC 7468's strict form). Reading accepts one
 * spelling only, but for whitespace before and after and for CRLF in place of every LF. Safe for
 * several threads.
 */
public final class Armor {

    static final String BEGIN = "-----BEGIN AGE ENCRYPTED FILE-----";
    static final String END = "-----END AGE ENCRYPTED FILE-----";
    static final int COLUMNS = 64;

    /** Whitespace before, and again after: more is no longer an oversight. */
    static final int MAX_WHITESPACE = 1024;

    /** Armored, a file of this many bytes still fits into an array. */
    static final int MAX_BINARY_SIZE = 1_500_000_000;

    private static final String TELLING_START = "-----BEGIN";

    private Armor() {}

    /** Whether a file claims to be armored; a binary one never does. */
    public static boolean isArmored(byte[] file) {
        int at = 0;
        while (at < file.length && at < MAX_WHITESPACE && isWhitespace(file[at])) {
            at++;
        }
        byte[] start = TELLING_START.getBytes(StandardCharsets.US_ASCII);
        int end = Math.min(file.length, at + start.length);
        return Arrays.equals(file, at, end, start, 0, start.length);
    }

    /**
     * The binary form of an armored file.
     *
     * @throws AgeException of kind {@code ARMOR} when it is not spelled as it must be
     */
    public static byte[] dearmor(byte[] armored) throws AgeException {
        try {
            // one byte more than can come, so that the reading goes to the end
            byte[] binary = new byte[armored.length / 4 * 3 + 1];
            InputStream in = new ArmorInputStream(new ByteArrayInputStream(armored));
            return Arrays.copyOf(binary, in.readNBytes(binary, 0, binary.length));
        } catch (AgeException e) {
            throw e;
        } catch (IOException e) {
            throw new UncheckedIOException("Reading an array failed", e);
        }
    }

    /** The armored form of a binary file, with LF. */
    public static byte[] armor(byte[] binary) {
        byte[] lines = Base64.getMimeEncoder(COLUMNS, new byte[] {'\n'}).encode(binary);
        byte[] begin = (BEGIN + "\n").getBytes(StandardCharsets.US_ASCII);
        byte[] end = ("\n" + END + "\n").getBytes(StandardCharsets.US_ASCII);
        byte[] armored = Arrays.copyOf(begin, begin.length + lines.length + end.length);
        System.arraycopy(lines, 0, armored, begin.length, lines.length);
        System.arraycopy(end, 0, armored, begin.length + lines.length, end.length);
        return armored;
    }

    /** As {@link #isArmored(byte[])}; what was looked at is still to be read. */
    static boolean isArmored(BufferedInputStream file) throws IOException {
        int start = MAX_WHITESPACE + TELLING_START.length();
        file.mark(start);
        byte[] looked = file.readNBytes(start);
        file.reset();
        return isArmored(looked);
    }

    static boolean isWhitespace(int character) {
        return character == ' ' || character == '\t' || character == '\r' || character == '\n';
    }
}

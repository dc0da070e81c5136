package services.chorus.seqthink.age;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;

/**
 * The text form of a file (age spec, "ASCII armor": RFC 7468's strict form). Reading accepts one
 * spelling only, except for whitespace before and after it, and CRLF in place of every LF.
 */
public final class Armor {

    static final String BEGIN = "-----BEGIN AGE ENCRYPTED FILE-----";
    static final String END = "-----END AGE ENCRYPTED FILE-----";
    static final int COLUMNS = 64;

    /** The most whitespace before the armor, and the most after it. */
    static final int MAX_WHITESPACE = 1024;

    /** A file of this many bytes still fits into an array when it is armored. */
    static final int MAX_BINARY_SIZE = 1_500_000_000;

    private static final byte[] PREFIX = "-----BEGIN".getBytes(US_ASCII);
    private static final byte[] FIRST_LINE = (BEGIN + "\n").getBytes(US_ASCII);
    private static final byte[] LAST_LINE = ("\n" + END + "\n").getBytes(US_ASCII);
    private static final Base64.Encoder LINES = Base64.getMimeEncoder(COLUMNS, new byte[] {'\n'});

    private Armor() {}

    /** Whether a file claims to be armored; a binary one never does. */
    public static boolean isArmored(byte[] file) {
        int at = 0;
        while (at < file.length && at < MAX_WHITESPACE && isWhitespace(file[at])) {
            at++;
        }
        int end = Math.min(file.length, at + PREFIX.length);
        return Arrays.equals(file, at, end, PREFIX, 0, PREFIX.length);
    }

    /**
     * The binary form of an armored file.
     *
     * @throws AgeException of kind {@code ARMOR} when the armor is malformed
     */
    public static byte[] dearmor(byte[] armored) throws AgeException {
        try {
            // one byte more than needed, so that the stream is read to its end
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
        byte[] lines = LINES.encode(binary);
        return ByteBuffer.allocate(FIRST_LINE.length + lines.length + LAST_LINE.length)
                .put(FIRST_LINE)
                .put(lines)
                .put(LAST_LINE)
                .array();
    }

    /** As {@link #isArmored(byte[])}, without consuming anything. */
    static boolean isArmored(BufferedInputStream file) throws IOException {
        int length = MAX_WHITESPACE + PREFIX.length;
        file.mark(length);
        byte[] start = file.readNBytes(length);
        file.reset();
        return isArmored(start);
    }

    static boolean isWhitespace(int character) {
        return character == ' ' || character == '\t' || character == '\r' || character == '\n';
    }

    /** Armors what is written to the result; closing that leaves the target open. */
    static OutputStream armor(OutputStream target) throws IOException {
        target.write(FIRST_LINE);
        return LINES.wrap(
                new FilterOutputStream(target) {
                    @Override
                    public void write(byte[] bytes, int offset, int length) throws IOException {
                        out.write(bytes, offset, length);
                    }

                    @Override
                    public void close() throws IOException {
                        out.write(LAST_LINE);
                    }
                });
    }
}

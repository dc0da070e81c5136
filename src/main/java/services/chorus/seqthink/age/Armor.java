package services.chorus.seqthink.age;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;

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

    /** Armors what is written to it. Closing writes the last lines and leaves the target open. */
    static final class ArmorOutputStream extends OutputStream {

        private final OutputStream target;
        private final byte[] line = new byte[Armor.COLUMNS / 4 * 3];
        private int held;

        ArmorOutputStream(OutputStream target) throws IOException {
            this.target = target;
            writeText(Armor.BEGIN);
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, bytes.length);
            int at = offset;
            while (at < offset + length) {
                int count = Math.min(offset + length - at, line.length - held);
                System.arraycopy(bytes, at, line, held, count);
                at += count;
                held += count;
                if (held == line.length) {
                    writeLine();
                }
            }
        }

        @Override
        public void close() throws IOException {
            if (held > 0) {
                writeLine();
            }
            writeText(Armor.END);
        }

        private void writeLine() throws IOException {
            writeText(CanonicalBase64.PADDED.encodeToString(Arrays.copyOf(line, held)));
            held = 0;
        }

        private void writeText(String text) throws IOException {
            target.write((text + "\n").getBytes(StandardCharsets.US_ASCII));
        }
    }
}

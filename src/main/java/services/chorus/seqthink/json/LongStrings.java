package services.chorus.seqthink.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.core.util.JsonGeneratorDelegate;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * Writes long strings as Jackson does, byte for byte, but faster. Jackson handles one character
 * after the other. This compares eight at once to find the next one to escape, and copies those
 * before it. Jackson writes the strings that are not in ISO 8859-1.
 */
final class LongStrings extends JsonGeneratorDelegate {

    /** Shortest string for which this is faster, in characters. */
    static final int LONG = 128;

    private static final VarHandle EIGHT_BYTES =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private static final long EACH = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x80 * EACH;

    /** What is written for each character of ISO 8859-1: itself as one byte, or an escape. */
    private static final byte[][] WRITTEN = new byte[256][];

    static {
        for (char c = 0; c < WRITTEN.length; c++) {
            WRITTEN[c] = JsonStringEncoder.getInstance().quoteAsUTF8(String.valueOf(c));
        }
    }

    LongStrings(JsonGenerator plain) {
        super(plain);
    }

    @Override
    public void writeString(String text) throws IOException {
        Optional<byte[]> latin = text.length() < LONG ? Optional.empty() : latin(text);
        if (latin.isEmpty()) {
            delegate.writeString(text);
            return;
        }
        byte[] escaped = escaped(latin.get());
        delegate.writeRawUTF8String(escaped, 0, escaped.length);
    }

    /** A text in ISO 8859-1; empty when it has other characters. */
    private static Optional<byte[]> latin(String text) {
        byte[] latin = text.getBytes(ISO_8859_1);
        return Optional.of(latin).filter(same -> new String(same, ISO_8859_1).equals(text));
    }

    private static byte[] escaped(byte[] latin) {
        int length = latin.length;
        for (int at = next(latin, 0); at < latin.length; at = next(latin, at + 1)) {
            length += WRITTEN[latin[at] & 0xff].length - 1;
        }
        if (length == latin.length) {
            return latin;
        }
        byte[] escaped = new byte[length];
        int from = 0;
        int to = 0;
        while (from < latin.length) {
            int at = next(latin, from);
            System.arraycopy(latin, from, escaped, to, at - from);
            to += at - from;
            if (at < latin.length) {
                byte[] escape = WRITTEN[latin[at] & 0xff];
                System.arraycopy(escape, 0, escaped, to, escape.length);
                to += escape.length;
            }
            from = at + 1;
        }
        return escaped;
    }

    /** Where the next byte to escape is; the length if there is none. */
    private static int next(byte[] latin, int from) {
        int at = from;
        while (at <= latin.length - Long.BYTES && !hasSpecial((long) EIGHT_BYTES.get(latin, at))) {
            at += Long.BYTES;
        }
        while (at < latin.length && !isSpecial(latin[at])) {
            at++;
        }
        return at;
    }

    /** Whether one of eight bytes is a control, a quote, a backslash or beyond ASCII. */
    private static boolean hasSpecial(long eight) {
        long special = eight | below(eight, ' ') | below(eight ^ '"' * EACH, 1);
        return ((special | below(eight ^ '\\' * EACH, 1)) & HIGH_BITS) != 0;
    }

    /** Sets the high bit of a byte if one of eight ASCII characters is below a limit. */
    private static long below(long eight, int limit) {
        return eight - limit * EACH & ~eight;
    }

    private static boolean isSpecial(byte character) {
        return WRITTEN[character & 0xff].length > 1;
    }
}

package services.chorus.seqthink.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.core.util.JsonGeneratorDelegate;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CoderResult;
import java.util.HexFormat;

/**
 * Writes long strings faster than Jackson, which handles one character after the other. This
 * encodes a piece of the string, compares eight bytes at once to find the next one to escape, and
 * copies those before it. It escapes what Jackson escapes, except that it writes a surrogate pair
 * as one character in UTF-8.
 */
final class LongStrings extends JsonGeneratorDelegate {

    /** Shortest string for which this is faster, in characters. */
    static final int LONG = 256;

    /** Characters encoded at once: they and their bytes fit into the cache of a processor. */
    static final int PIECE = 4096;

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    /** What is written for each character of ASCII: itself, or an escape. */
    private static final byte[][] WRITTEN = new byte[128][];

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
        if (text.length() >= LONG && delegate.getOutputTarget() instanceof OutputStream out) {
            delegate.writeRawValue("\"");
            delegate.flush();
            write(text, out);
            delegate.writeRaw('"');
        } else {
            delegate.writeString(text);
        }
    }

    private static void write(String text, OutputStream out) throws IOException {
        CharsetEncoder encoder = UTF_8.newEncoder();
        char[] piece = new char[PIECE];
        byte[] bytes = new byte[(int) encoder.maxBytesPerChar() * PIECE];
        for (int at = 0; at < text.length(); ) {
            int length = Math.min(PIECE, text.length() - at);
            text.getChars(at, at + length, piece, 0);
            CharBuffer from = CharBuffer.wrap(piece, 0, length);
            // of a pair whose second half is in the next piece, the first is read again with it
            boolean last = at + length == text.length();
            while (encode(encoder, from, last, bytes, out).isMalformed()) {
                // half a pair, which has no form in UTF-8
                out.write(("\\u" + HEX.toHexDigits(from.get())).getBytes(UTF_8));
            }
            at += from.position();
        }
    }

    private static CoderResult encode(
            CharsetEncoder encoder, CharBuffer from, boolean last, byte[] bytes, OutputStream out)
            throws IOException {
        ByteBuffer to = ByteBuffer.wrap(bytes);
        CoderResult result = encoder.reset().encode(from, to, last);
        writeEscaped(bytes, to.position(), out);
        return result;
    }

    private static void writeEscaped(byte[] bytes, int length, OutputStream out)
            throws IOException {
        for (int from = 0; from < length; ) {
            int at = SpecialBytes.next(bytes, from, length);
            out.write(bytes, from, at - from);
            if (at < length) {
                out.write(WRITTEN[bytes[at]]);
            }
            from = at + 1;
        }
    }
}

package services.chorus.seqthink.age;

import static services.chorus.seqthink.age.AgeException.armor;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;

/** The bytes of an armored file. It reads on to the end, where only whitespace may follow. */
final class ArmorInputStream extends InputStream {

    private static final int BYTES_PER_LINE = Armor.COLUMNS / 4 * 3;

    /** What must come next in the file. */
    private enum Place {
        BEGIN,
        LINE,
        END,
        NOTHING
    }

    private final InputStream source;
    private final byte[] buffer = new byte[16 * 1024];
    private int bufferAt;
    private int bufferEnd;

    private Place place = Place.BEGIN;
    private boolean endsLinesWithCrlf;
    private byte[] decoded = new byte[0];
    private int decodedAt;

    ArmorInputStream(InputStream source) {
        this.source = source;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        while (decodedAt == decoded.length && place != Place.NOTHING) {
            advance();
        }
        if (decodedAt == decoded.length) {
            return -1;
        }
        int count = Math.min(length, decoded.length - decodedAt);
        System.arraycopy(decoded, decodedAt, target, offset, count);
        decodedAt += count;
        return count;
    }

    private void advance() throws IOException {
        if (place == Place.BEGIN) {
            expect(Armor.BEGIN, nextAfterWhitespace());
            int lineEnd = next();
            endsLinesWithCrlf = lineEnd == '\r';
            expectLineEnd(lineEnd);
            place = Place.LINE;
            return;
        }
        if (place == Place.LINE && decodesFullLines()) {
            return;
        }
        int first = next();
        if (first == '-') {
            expect(Armor.END, first);
            if (nextAfterWhitespace() >= 0) {
                throw armor("There is data after the end of the armor");
            }
            place = Place.NOTHING;
        } else if (place == Place.LINE) {
            decodeLine(first);
        } else {
            throw armor("The armor has a line after a short one");
        }
    }

    /**
     * Decodes the full lines in the buffer at once, unless there is something wrong with one. Full
     * lines without padding are canonical: each four characters stand for three bytes of their own.
     */
    private boolean decodesFullLines() {
        int lineEnd = endsLinesWithCrlf ? 2 : 1;
        byte[] text = new byte[bufferEnd - bufferAt];
        int length = 0;
        int at = bufferAt;
        while (at + Armor.COLUMNS + lineEnd <= bufferEnd && endsLine(at + Armor.COLUMNS)) {
            System.arraycopy(buffer, at, text, length, Armor.COLUMNS);
            length += Armor.COLUMNS;
            at += Armor.COLUMNS + lineEnd;
        }
        try {
            byte[] bytes = Base64.getDecoder().decode(Arrays.copyOf(text, length));
            if (length == 0 || bytes.length != length / 4 * 3) {
                return false;
            }
            decoded = bytes;
            decodedAt = 0;
            bufferAt = at;
            return true;
        } catch (IllegalArgumentException notBase64) {
            return false; // to be found line by line
        }
    }

    private boolean endsLine(int at) {
        return endsLinesWithCrlf
                ? buffer[at] == '\r' && buffer[at + 1] == '\n'
                : buffer[at] == '\n';
    }

    private void decodeLine(int first) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(Armor.COLUMNS);
        int character = first;
        for (; character >= 0 && character != '\r' && character != '\n'; character = next()) {
            if (line.size() == Armor.COLUMNS) {
                throw armor("The armor has a line over %d columns".formatted(Armor.COLUMNS));
            }
            line.write(character);
        }
        expectLineEnd(character);
        if (line.size() == 0) {
            throw armor("The armor has an empty line");
        }
        decoded =
                CanonicalBase64.PADDED
                        .decode(line.toByteArray())
                        .orElseThrow(() -> armor("The armor is not canonical base64"));
        decodedAt = 0;
        place = decoded.length == BYTES_PER_LINE ? Place.LINE : Place.END;
    }

    private void expect(String text, int first) throws IOException {
        int character = first;
        for (int i = 0; i < text.length(); i++) {
            if (character != text.charAt(i)) {
                throw armor("The armor lacks the line " + text);
            }
            character = i + 1 < text.length() ? next() : character;
        }
    }

    private void expectLineEnd(int character) throws IOException {
        boolean ends = endsLinesWithCrlf ? character == '\r' && next() == '\n' : character == '\n';
        if (!ends) {
            throw armor("The armor is truncated, or mixes LF and CRLF");
        }
    }

    private int nextAfterWhitespace() throws IOException {
        for (int skipped = 0; skipped <= Armor.MAX_WHITESPACE; skipped++) {
            int character = next();
            if (!Armor.isWhitespace(character)) {
                return character;
            }
        }
        throw armor("There is too much whitespace around the armor");
    }

    private int next() throws IOException {
        if (bufferAt == bufferEnd) {
            bufferAt = 0;
            bufferEnd = Math.max(0, source.read(buffer));
        }
        return bufferAt == bufferEnd ? -1 : buffer[bufferAt++] & 0xff;
    }
}

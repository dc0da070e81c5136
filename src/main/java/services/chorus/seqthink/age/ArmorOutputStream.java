package services.chorus.seqthink.age;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/** Armors what is written to it. Closing writes the last lines and leaves the target open. */
final class ArmorOutputStream extends OutputStream {

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

package services.chorus.seqthink.sealing;

import java.nio.ByteBuffer;
import java.util.List;

/** Text in memory that can be wiped. */
final class Lines {

    private Lines() {}

    /** One array that ends each of the lines with LF, and leaves no copy behind. */
    static byte[] write(List<byte[]> lines) {
        ByteBuffer text =
                ByteBuffer.allocate(lines.stream().mapToInt(line -> line.length + 1).sum());
        lines.forEach(line -> text.put(line).put((byte) '\n'));
        return text.array();
    }
}

package services.chorus.seqthink.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import services.chorus.seqthink.hash.Sha256;
import services.chorus.seqthink.json.StrictBase64;

/**
 * The end of a file of records.
 *
 * @param head the last whole record; empty when there is none
 * @param torn what stands behind it; empty when nothing does
 * @param endsLine whether the file ends with a line break, or is empty
 */
record Tail(Optional<Head> head, Optional<Torn> torn, boolean endsLine) {

    /** Behind it no torn line reads as a record, even if it lacks nothing else. */
    static final byte[] BREAK = {' ', '\n'};

    private static final int FIRST_LOOK = 64 * 1024;

    static Tail of(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            // a record is far shorter than the first look, so a second one is for damaged files
            for (long look = FIRST_LOOK; ; look *= 8) {
                boolean whole = look >= size;
                byte[] end = read(channel, whole ? 0 : size - look);
                Optional<Tail> tail = in(end, whole);
                if (tail.isPresent()) {
                    return tail.get();
                }
            }
        }
    }

    private static Optional<Tail> in(byte[] end, boolean whole) {
        int lineEnd = lastBreak(end, end.length);
        while (lineEnd >= 0) {
            int before = lastBreak(end, lineEnd);
            if (before < 0 && !whole) {
                return Optional.empty();
            }
            Optional<Head> head =
                    RecordLine.read(Arrays.copyOfRange(end, before + 1, lineEnd))
                            .map(RecordLine::head);
            if (head.isPresent()) {
                return Optional.of(new Tail(head, torn(end, lineEnd + 1), endsLine(end)));
            }
            lineEnd = before;
        }
        return whole
                ? Optional.of(new Tail(Optional.empty(), torn(end, 0), endsLine(end)))
                : Optional.empty();
    }

    /** Counts the {@link #BREAK} that it will be given. */
    private static Optional<Torn> torn(byte[] end, int from) {
        if (from == end.length) {
            return Optional.empty();
        }
        MessageDigest digest = Sha256.digest();
        digest.update(end, from, end.length - from);
        byte[] missing = endsLine(end) ? new byte[0] : BREAK;
        digest.update(missing);
        return Optional.of(
                new Torn(end.length - from + missing.length, StrictBase64.encode(digest.digest())));
    }

    private static boolean endsLine(byte[] end) {
        return end.length == 0 || end[end.length - 1] == '\n';
    }

    private static int lastBreak(byte[] bytes, int before) {
        for (int i = before - 1; i >= 0; i--) {
            if (bytes[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private static byte[] read(FileChannel channel, long from) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(channel.size() - from));
        while (bytes.hasRemaining() && channel.read(bytes, from + bytes.position()) >= 0) {
            // until all of it is there
        }
        return bytes.array();
    }
}

package services.chorus.seqthink.net;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Extracts the data of server-sent events from their bytes (HTML Living Standard, section 9.2.6).
 * Ignores all other fields, and an unfinished event at the end, as the standard requires. Its
 * caller must bound the bytes.
 */
public final class EventStream {

    private static final byte[] DATA = {'d', 'a', 't', 'a'};
    private static final byte[] DATA_COLON = {'d', 'a', 't', 'a', ':'};

    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();
    private boolean afterCarriageReturn;

    /** The data of each event that ends within these bytes. */
    public List<byte[]> accept(byte[] chunk) {
        List<byte[]> events = new ArrayList<>();
        int lineStart = 0;
        for (int at = 0; at < chunk.length; at++) {
            byte next = chunk[at];
            if (next == '\r' || next == '\n') {
                boolean restOfLineEnd = afterCarriageReturn && next == '\n' && at == lineStart;
                if (!restOfLineEnd) {
                    line.write(chunk, lineStart, at - lineStart);
                    endLine(events);
                }
                afterCarriageReturn = next == '\r';
                lineStart = at + 1;
            }
        }
        if (lineStart < chunk.length) {
            line.write(chunk, lineStart, chunk.length - lineStart);
            afterCarriageReturn = false;
        }
        return events;
    }

    private void endLine(List<byte[]> events) {
        byte[] ended = line.toByteArray();
        line.reset();
        if (ended.length == 0) {
            endEvent(events);
        } else if (Arrays.equals(ended, DATA)) {
            data.write('\n');
        } else if (Arrays.mismatch(ended, DATA_COLON) == DATA_COLON.length
                || Arrays.equals(ended, DATA_COLON)) {
            int value = DATA_COLON.length;
            value += ended.length > value && ended[value] == ' ' ? 1 : 0;
            data.write(ended, value, ended.length - value);
            data.write('\n');
        }
    }

    private void endEvent(List<byte[]> events) {
        // a single line feed is an event with empty data: the first event of a resumable stream
        if (data.size() > 1) {
            events.add(Arrays.copyOf(data.toByteArray(), data.size() - 1));
        }
        data.reset();
    }
}

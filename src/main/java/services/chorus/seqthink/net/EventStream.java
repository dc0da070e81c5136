package services.chorus.seqthink.net;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Takes the data out of a stream of server-sent events as its bytes arrive (HTML Living Standard,
 * section 9.2.6). Everything but {@code data} is passed over; what an unfinished event holds at the
 * end is lost, as the standard says. Does not bound what it holds: whoever feeds it does.
 */
public final class EventStream {

    private static final byte[] DATA = {'d', 'a', 't', 'a'};

    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();
    private boolean afterCarriageReturn;

    /** The data of each event that ends within these bytes. */
    public List<byte[]> accept(byte[] chunk) {
        List<byte[]> events = new ArrayList<>();
        for (byte next : chunk) {
            boolean restOfLineEnd = afterCarriageReturn && next == '\n';
            afterCarriageReturn = next == '\r';
            if (restOfLineEnd) {
                continue;
            }
            if (next == '\r' || next == '\n') {
                endLine(events);
            } else {
                line.write(next);
            }
        }
        return events;
    }

    private void endLine(List<byte[]> events) {
        byte[] ended = line.toByteArray();
        line.reset();
        if (ended.length == 0) {
            endEvent(events);
        } else if (isData(ended)) {
            int start = Math.min(DATA.length + 1, ended.length);
            if (start < ended.length && ended[start] == ' ') {
                start++;
            }
            data.write(ended, start, ended.length - start);
            data.write('\n');
        }
    }

    private void endEvent(List<byte[]> events) {
        // One line feed is an event whose data is empty: the first event of a resumable stream.
        if (data.size() > 1) {
            events.add(Arrays.copyOf(data.toByteArray(), data.size() - 1));
        }
        data.reset();
    }

    private static boolean isData(byte[] line) {
        return line.length >= DATA.length
                && Arrays.equals(line, 0, DATA.length, DATA, 0, DATA.length)
                && (line.length == DATA.length || line[DATA.length] == ':');
    }
}

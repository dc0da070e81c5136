package services.chorus.seqthink.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Extracts the data of server-sent events from their bytes (HTML Living Standard, section 9.2.6).
 * Ignores all other fields, and an unfinished event at the end, as the standard requires. Its
 * caller must bound the bytes.
 */
public final class EventStream {

    private static final String DATA = "data";

    // bytes are kept as characters of ISO 8859-1, which loses none
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final StringBuilder data = new StringBuilder();
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
        String ended = line.toString(ISO_8859_1);
        line.reset();
        if (ended.isEmpty()) {
            endEvent(events);
        } else if (ended.equals(DATA)) {
            data.append('\n');
        } else if (ended.startsWith(DATA + ":")) {
            String value = ended.substring(DATA.length() + 1);
            data.append(value.startsWith(" ") ? value.substring(1) : value).append('\n');
        }
    }

    private void endEvent(List<byte[]> events) {
        // a single line feed is an event with empty data: the first event of a resumable stream
        if (data.length() > 1) {
            events.add(data.substring(0, data.length() - 1).getBytes(ISO_8859_1));
        }
        data.setLength(0);
    }
}

package services.chorus.seqthink.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The last event of a stream that a client has, after which it asks to go on.
 *
 * @param epoch the epoch that the event named; empty where the client knows of none
 * @param sequence the event's sequence number, 0 for nothing yet
 */
public record After(String epoch, long sequence) {

    /** The member of a stream request. */
    public static final String MEMBER = "after";

    /** 18 digits fit a long always. */
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

    public After {
        if (sequence < 0) {
            throw new IllegalArgumentException("sequence must not be negative: " + sequence);
        }
    }

    /**
     * Reads the member of a stream request, {@code {"epoch": "...", "sequence": N}}.
     *
     * @return empty when it is anything else
     */
    public static Optional<After> of(JsonNode member) {
        String epoch = member.path(StreamEvent.EPOCH).textValue();
        JsonNode sequence = member.path(StreamEvent.SEQUENCE);
        boolean usable =
                epoch != null
                        && sequence.isIntegralNumber()
                        && sequence.canConvertToLong()
                        && sequence.longValue() >= 0;
        return usable ? Optional.of(new After(epoch, sequence.longValue())) : Optional.empty();
    }

    /**
     * Reads the header {@code Last-Event-ID}, which names no epoch.
     *
     * @return empty when it is no id that a stream of ours gave
     */
    public static Optional<After> lastEventId(String header) {
        return NUMBER.matcher(header).matches()
                ? Optional.of(new After("", Long.parseLong(header)))
                : Optional.empty();
    }
}

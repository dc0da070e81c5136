package services.chorus.seqthink.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The last event of a stream that a client received, after which the stream is to continue.
 *
 * @param epoch of the event; empty when the client has none
 * @param sequence of the event; 0 for none yet
 */
public record After(String epoch, long sequence) {

    /** The member of a stream request. */
    public static final String MEMBER = "after";

    /** 18 digits always fit into a long. */
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

    public After {
        if (sequence < 0) {
            throw new IllegalArgumentException("sequence must not be negative: " + sequence);
        }
    }

    /** Reads {@code {"epoch": "...", "sequence": N}} of a request; empty when malformed. */
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

    /** Reads the header {@code Last-Event-ID}, which contains no epoch; empty when malformed. */
    public static Optional<After> lastEventId(String header) {
        return NUMBER.matcher(header).matches()
                ? Optional.of(new After("", Long.parseLong(header)))
                : Optional.empty();
    }
}

package services.chorus.seqthink.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.protocol.After;
import services.chorus.seqthink.protocol.Binding;
import services.chorus.seqthink.protocol.StreamEvent;

/**
 * The client's side of the protocol: what the opened events of one stream are worth, in the order
 * they came. Nothing is believed after the first that is not. Not for several threads.
 */
public final class IncomingStream {

    private static final List<String> ENVELOPE =
            List.of("request_id", "request_hash", "event", "epoch", "final");

    private final Binding binding;
    private final Optional<After> asked;
    private Phase phase = Phase.NEW;
    private String epoch = "";
    private long sequence;

    private enum Phase {
        NEW,
        OPEN,
        ENDED,
        BROKEN
    }

    /** What an event is worth. */
    public sealed interface Outcome {}

    /**
     * The stream has begun.
     *
     * @param lost whether some of what followed the event asked for is not there any more
     */
    public record Opened(boolean lost) implements Outcome {}

    /**
     * The next thought.
     *
     * @param members {@code sequence}, {@code tool}, {@code payload}, {@code result} or {@code
     *     error}, and {@code at}
     */
    public record Thought(ObjectNode members) implements Outcome {

        /** Without the plaintext. */
        @Override
        public String toString() {
            return "Thought[]";
        }
    }

    /** The door ended the stream. */
    public record Ended(String reason) implements Outcome {}

    /** Not the next event of this stream: neither it nor what follows may be believed. */
    public record Foreign(String why) implements Outcome {}

    /**
     * @param binding what the request was bound with
     * @param asked the request's {@code after}
     */
    public IncomingStream(Binding binding, Optional<After> asked) {
        this.binding = binding;
        this.asked = asked;
    }

    /** Judges the next event by its plaintext. */
    public Outcome next(byte[] opened) {
        Outcome outcome =
                StrictJson.parseObject(opened)
                        .map(this::judged)
                        .orElseGet(() -> new Foreign("An event is no JSON object"));
        phase =
                switch (outcome) {
                    case Opened(var lost) -> Phase.OPEN;
                    case Thought(var members) -> Phase.OPEN;
                    case Ended(var reason) -> Phase.ENDED;
                    case Foreign(var why) -> Phase.BROKEN;
                };
        return outcome;
    }

    /**
     * Whether the stream, if there is no more of it, was cut off by somebody else than the door.
     */
    public boolean isTruncated() {
        return phase != Phase.ENDED;
    }

    /** The last event believed, to go on after; empty before the first. */
    public Optional<After> last() {
        return phase == Phase.NEW ? Optional.empty() : Optional.of(new After(epoch, sequence));
    }

    private Outcome judged(ObjectNode event) {
        Optional<String> mismatch = binding.mismatch(event);
        if (mismatch.isPresent()) {
            return new Foreign("An event " + mismatch.get());
        }
        String name = event.path("event").asText();
        JsonNode number = event.path(StreamEvent.SEQUENCE);
        JsonNode last = event.path("final");
        if (!event.path(StreamEvent.EPOCH).isTextual()
                || !number.isIntegralNumber()
                || !number.canConvertToLong()
                || !last.isBoolean()
                || last.booleanValue() != name.equals("end")) {
            return new Foreign("An event lacks what every event has");
        }
        return switch (phase) {
            case NEW -> name.equals("open") ? opened(event) : new Foreign("No open came first");
            case OPEN ->
                    switch (name) {
                        case "thought" -> thought(event);
                        case "end" -> ended(event);
                        default -> new Foreign("An event is neither a thought nor the end");
                    };
            case ENDED -> new Foreign("An event came after the end");
            case BROKEN -> new Foreign("An event follows one that was not believed");
        };
    }

    private Outcome opened(ObjectNode event) {
        String epochNow = event.get(StreamEvent.EPOCH).textValue();
        long begins = event.get(StreamEvent.SEQUENCE).longValue();
        boolean lost = event.path("lost").asBoolean();
        Optional<Long> after =
                event.path(After.MEMBER).isIntegralNumber()
                        ? Optional.of(event.get(After.MEMBER).longValue())
                        : Optional.empty();
        if (begins < 0 || !after.equals(asked.map(After::sequence))) {
            return new Foreign("The stream does not begin where it was asked to");
        }
        if (!lost && asked.isPresent()) {
            After from = asked.get();
            boolean sameLog = from.epoch().isEmpty() || from.epoch().equals(epochNow);
            if (!sameLog || begins != from.sequence()) {
                return new Foreign("The stream does not begin where it was asked to");
            }
        }
        epoch = epochNow;
        sequence = begins;
        return new Opened(lost);
    }

    private Outcome thought(ObjectNode event) {
        String epochNow = event.get(StreamEvent.EPOCH).textValue();
        if (epochNow.isEmpty() || !epoch.isEmpty() && !epoch.equals(epochNow)) {
            return new Foreign("A thought is of another epoch");
        }
        if (event.get(StreamEvent.SEQUENCE).longValue() != sequence + 1) {
            return new Foreign("A thought is not the next: some were held back, or sent again");
        }
        epoch = epochNow;
        sequence++;
        event.remove(ENVELOPE);
        return new Thought(event);
    }

    private Outcome ended(ObjectNode event) {
        if (!event.get(StreamEvent.EPOCH).textValue().equals(epoch)
                || event.get(StreamEvent.SEQUENCE).longValue() != sequence) {
            return new Foreign("The end does not follow the last thought: some were held back");
        }
        return new Ended(event.path("reason").asText());
    }
}

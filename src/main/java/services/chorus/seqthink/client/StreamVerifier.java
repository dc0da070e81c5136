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
 * Verifies the opened events of one stream in the order of their arrival. After the first failure
 * all others fail. Not safe for use by several threads.
 */
public final class StreamVerifier {

    private static final List<String> ENVELOPE =
            List.of("request_id", "request_hash", "event", "epoch", "final");

    private final Binding binding;
    private final Optional<After> asked;
    private Phase phase = Phase.NEW;
    private Optional<After> last = Optional.empty();

    private enum Phase {
        NEW,
        OPEN,
        ENDED,
        BROKEN
    }

    /** A verified event. */
    public sealed interface Event {}

    /**
     * The stream has begun.
     *
     * @param lost whether the gateway no longer has some events after the requested one
     */
    public record Opened(boolean lost) implements Event {}

    /**
     * The next thought.
     *
     * @param members {@code sequence}, {@code tool}, {@code payload}, {@code result} or {@code
     *     error}, and {@code at}
     */
    public record Thought(ObjectNode members) implements Event {

        /** Without the plaintext. */
        @Override
        public String toString() {
            return "Thought[]";
        }
    }

    /** The gateway ended the stream. */
    public record Ended(String reason) implements Event {}

    /**
     * @param binding of the request
     * @param asked the request's {@code after}
     */
    public StreamVerifier(Binding binding, Optional<After> asked) {
        this.binding = binding;
        this.asked = asked;
    }

    /**
     * @param opened the event's plaintext
     * @throws CallFailed when it is not the next event of this stream
     */
    public Event next(byte[] opened) throws CallFailed {
        Phase before = phase;
        phase = Phase.BROKEN;
        ObjectNode members =
                StrictJson.parseObject(opened)
                        .orElseThrow(() -> new CallFailed("An event is not a JSON object"));
        Event event = verified(members, before);
        phase = event instanceof Ended ? Phase.ENDED : Phase.OPEN;
        return event;
    }

    /** Whether the gateway has not ended the stream. */
    public boolean isTruncated() {
        return phase != Phase.ENDED;
    }

    /** The last verified event; empty before the first. */
    public Optional<After> last() {
        return last;
    }

    private Event verified(ObjectNode event, Phase before) throws CallFailed {
        Optional<String> mismatch = binding.mismatch(event);
        if (mismatch.isPresent()) {
            throw new CallFailed("An event " + mismatch.get());
        }
        String name = event.path("event").asText();
        JsonNode epoch = event.path(StreamEvent.EPOCH);
        JsonNode sequence = event.path(StreamEvent.SEQUENCE);
        JsonNode isLast = event.path("final");
        require(
                epoch.isTextual()
                        && sequence.isIntegralNumber()
                        && sequence.canConvertToLong()
                        && sequence.longValue() >= 0
                        && isLast.isBoolean()
                        && isLast.booleanValue() == name.equals("end"),
                "An event lacks a mandatory member");
        After at = new After(epoch.textValue(), sequence.longValue());
        return switch (before) {
            case NEW -> {
                require(name.equals("open"), "The first event is not an \"open\" event");
                yield opened(event, at);
            }
            case OPEN ->
                    switch (name) {
                        case "thought" -> thought(event, at);
                        case "end" -> ended(event, at);
                        default ->
                                throw new CallFailed(
                                        "An event is neither a \"thought\" nor an \"end\" event");
                    };
            case ENDED -> throw new CallFailed("An event came after the end");
            case BROKEN -> throw new CallFailed("An event follows one that failed verification");
        };
    }

    private Event opened(ObjectNode event, After at) throws CallFailed {
        boolean lost = event.path("lost").asBoolean();
        JsonNode number = event.path(After.MEMBER);
        Optional<Long> after =
                number.isIntegralNumber() ? Optional.of(number.longValue()) : Optional.empty();
        boolean continues =
                lost
                        || asked.isEmpty()
                        || at.sequence() == asked.get().sequence()
                                && isIn(asked.get().epoch(), at.epoch());
        require(
                after.equals(asked.map(After::sequence)) && continues,
                "The stream does not begin at the requested place");
        last = Optional.of(at);
        return new Opened(lost);
    }

    private Event thought(ObjectNode event, After at) throws CallFailed {
        After before = last.orElseThrow();
        require(
                !at.epoch().isEmpty() && isIn(before.epoch(), at.epoch()),
                "A thought belongs to another epoch");
        require(
                at.sequence() == before.sequence() + 1,
                "A thought is not the next one: some were withheld or repeated");
        last = Optional.of(at);
        event.remove(ENVELOPE);
        return new Thought(event);
    }

    private Event ended(ObjectNode event, After at) throws CallFailed {
        require(
                at.equals(last.orElseThrow()),
                "The end does not follow the last thought: some were withheld");
        return new Ended(event.path("reason").asText());
    }

    /** Whether an epoch is the known one; any is, while none is known. */
    private static boolean isIn(String known, String epoch) {
        return known.isEmpty() || known.equals(epoch);
    }

    private static void require(boolean condition, String otherwise) throws CallFailed {
        if (!condition) {
            throw new CallFailed(otherwise);
        }
    }
}

package services.chorus.seqthink.protocol;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import services.chorus.seqthink.json.StrictJson;

/** An event of a stream before it is sealed. */
public sealed interface StreamEvent {

    String EPOCH = "epoch";
    String SEQUENCE = "sequence";

    /** The epoch of the log; empty while there is no log yet. */
    String epoch();

    /** Of this thought, or of the last one before this event. */
    long sequence();

    /** The name of the event, inside the seal and outside. */
    default String name() {
        return switch (this) {
            case Open open -> "open";
            case Thought thought -> "thought";
            case End end -> "end";
        };
    }

    /** Returns the members in a new object, without those that bind it to its request. */
    default ObjectNode members() {
        ObjectNode members =
                StrictJson.object()
                        .put("event", name())
                        .put(EPOCH, epoch())
                        .put(SEQUENCE, sequence())
                        .put("final", this instanceof End);
        switch (this) {
            case Open open -> {
                members.put("status", 200).put("lost", open.lost());
                // detects a Last-Event-ID that was added on the way
                open.after().ifPresent(asked -> members.put(After.MEMBER, asked.sequence()));
            }
            case Thought thought -> members.setAll(thought.thought());
            case End end -> members.put("reason", end.reason().code());
        }
        return members;
    }

    /**
     * The first event of every stream.
     *
     * @param sequence after which the stream begins
     * @param after from the request
     * @param lost whether some thoughts after that are no longer stored
     */
    record Open(String epoch, long sequence, Optional<After> after, boolean lost)
            implements StreamEvent {}

    /**
     * A completed thought.
     *
     * @param thought {@code tool}, {@code payload}, {@code result} or {@code error}, and {@code at}
     */
    record Thought(String epoch, long sequence, ObjectNode thought) implements StreamEvent {

        @Override
        public String toString() {
            return "Thought[" + sequence + "]";
        }
    }

    /** The last event of every stream that the gateway ends. */
    record End(String epoch, long sequence, Reason reason) implements StreamEvent {}

    enum Reason {
        TOKEN_EXPIRED("token-expired"),
        /** The issuer revoked the token or withdrew the key that signed it. */
        TOKEN_REVOKED("token-revoked"),
        TOO_SLOW("too-slow"),
        /** Thoughts were removed before they were read. */
        LOST("lost"),
        SHUTDOWN("shutdown"),
        STATE_UNAVAILABLE("state-unavailable");

        private final String code;

        Reason(String code) {
            this.code = code;
        }

        /** Stable, for programs. */
        public String code() {
            return code;
        }
    }
}

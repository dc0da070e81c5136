package services.chorus.seqthink.protocol;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import services.chorus.seqthink.json.StrictJson;

/** An event of a stream before it is sealed. */
public sealed interface StreamEvent {

    String EPOCH = "epoch";
    String SEQUENCE = "sequence";

    /** The epoch of the log; empty while there is none yet. */
    String epoch();

    /** That of the thought; that of the last one before, where this is none. */
    long sequence();

    /** What the event is called, inside the seal and outside. */
    default String name() {
        return switch (this) {
            case Open open -> "open";
            case Thought thought -> "thought";
            case End end -> "end";
        };
    }

    /** The event's members, a new object, without those that bind it to its request. */
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
                // so that nobody in between can add a Last-Event-ID unnoticed
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
     * @param sequence after which it begins
     * @param after what was asked for, as the gateway understood it
     * @param lost whether some of what followed that is no longer there
     */
    record Open(String epoch, long sequence, Optional<After> after, boolean lost)
            implements StreamEvent {}

    /**
     * A completed thought.
     *
     * @param thought {@code tool}, {@code payload}, {@code result} or {@code error}, and {@code at}
     */
    record Thought(String epoch, long sequence, ObjectNode thought) implements StreamEvent {

        /** Without the plaintext. */
        @Override
        public String toString() {
            return "Thought[" + sequence + "]";
        }
    }

    /** The last event of every stream that the gateway ends. */
    record End(String epoch, long sequence, Reason reason) implements StreamEvent {}

    /** Why a stream ends. */
    enum Reason {
        TOKEN_EXPIRED("token-expired"),
        /** The token's issuer revoked it, or withdrew the key that signed it. */
        TOKEN_REVOKED("token-revoked"),
        TOO_SLOW("too-slow"),
        /** Thoughts that were not read yet are no longer there. */
        LOST("lost"),
        SHUTDOWN("shutdown"),
        STATE_UNAVAILABLE("state-unavailable");

        private final String code;

        Reason(String code) {
            this.code = code;
        }

        /** A stable word for programs. */
        public String code() {
            return code;
        }
    }
}

package services.chorus.seqthink.protocol;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import services.chorus.seqthink.json.StrictJson;

/** An event of a stream before it is sealed. */
public sealed interface StreamEvent {

    String EPOCH = "epoch";
    String SEQUENCE = "sequence";

    /** The epoch of the log; empty while there is none yet. */
    String epoch();

    /** That of the thought, or of the one before where this is none. */
    long sequence();

    /** What the event is called, inside the seal and outside. */
    String name();

    /** The event's members, a new object, without those that bind it to its request. */
    ObjectNode members();

    /**
     * The first event of every stream.
     *
     * @param sequence after which it begins
     * @param after what was asked for, as the door took it
     * @param lost whether some of what followed that is not there any more
     */
    record Open(String epoch, long sequence, Optional<After> after, boolean lost)
            implements StreamEvent {

        public Open {
            requireNonNull(epoch, "epoch is null");
            requireNonNull(after, "after is null");
        }

        @Override
        public String name() {
            return "open";
        }

        @Override
        public ObjectNode members() {
            ObjectNode members = common(this, false).put("status", 200).put("lost", lost);
            // so that nobody in between can add a Last-Event-ID unnoticed
            after.ifPresent(asked -> members.put(After.MEMBER, asked.sequence()));
            return members;
        }
    }

    /**
     * A completed thought.
     *
     * @param thought {@code tool}, {@code payload}, {@code result} or {@code error}, and {@code at}
     */
    record Thought(String epoch, long sequence, ObjectNode thought) implements StreamEvent {

        public Thought {
            requireNonNull(epoch, "epoch is null");
            requireNonNull(thought, "thought is null");
        }

        @Override
        public String name() {
            return "thought";
        }

        @Override
        public ObjectNode members() {
            return common(this, false).setAll(thought);
        }

        /** Without the plaintext. */
        @Override
        public String toString() {
            return "Thought[" + sequence + "]";
        }
    }

    /** The last event of every stream that ends as it should. */
    record End(String epoch, long sequence, Reason reason) implements StreamEvent {

        public End {
            requireNonNull(epoch, "epoch is null");
            requireNonNull(reason, "reason is null");
        }

        @Override
        public String name() {
            return "end";
        }

        @Override
        public ObjectNode members() {
            return common(this, true).put("reason", reason.code());
        }
    }

    /** Why a stream ends. */
    enum Reason {
        TOKEN_EXPIRED("token-expired"),
        /** The token's issuer took it back, or took away the key that signed it. */
        TOKEN_REVOKED("token-revoked"),
        TOO_SLOW("too-slow"),
        /** Thoughts that were not read yet are not there any more. */
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

    private static ObjectNode common(StreamEvent event, boolean last) {
        return StrictJson.object()
                .put("event", event.name())
                .put(EPOCH, event.epoch())
                .put(SEQUENCE, event.sequence())
                .put("final", last);
    }
}

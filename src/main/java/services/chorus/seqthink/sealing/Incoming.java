package services.chorus.seqthink.sealing;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What came of opening a request. */
public sealed interface Incoming {

    /**
     * Opened, and bound to its token and its route where it must be.
     *
     * @param request the plaintext without the envelope's members
     * @param from who sent it
     */
    record Accepted(ObjectNode request, ReplyTarget from) implements Incoming {

        /** Without the plaintext. */
        @Override
        public String toString() {
            return "Accepted[]";
        }
    }

    /**
     * Bound to its token and its route, yet refused for what the envelope says. The reason travels
     * inside a sealed reply only.
     *
     * @param from whom the sealed reply is for
     * @param refusal why
     */
    record Refused(ReplyTarget from, Refusal refusal) implements Incoming {}

    /** Nobody to answer inside a seal. */
    record Unanswerable(Cause cause) implements Incoming {}

    /** Why nobody can be answered inside a seal. */
    enum Cause {
        /** Broken, not for this token, not for this route: the sender is not told which. */
        UNREADABLE,
        /** Well formed, and sealed to none of our identities. */
        NO_IDENTITY,
        /** Opened, and carries no envelope although one is required. */
        ENVELOPE_REQUIRED,
        /** Larger opened than this service takes. */
        TOO_LARGE
    }
}

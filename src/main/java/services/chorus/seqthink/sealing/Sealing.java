package services.chorus.seqthink.sealing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import services.chorus.seqthink.protocol.StreamEvent;

/**
 * Opens requests and seals replies. Implementations are safe for use by several threads and never
 * throw for what a caller sent.
 */
public sealed interface Sealing permits AgeSealing, UnsealedForDevelopment {

    /** The media type of requests and replies. */
    String mediaType();

    /**
     * Opens a request body.
     *
     * @param body as received, binary or armored; wiped of nothing, the caller keeps it
     * @param expected what it must be bound to
     */
    Incoming open(byte[] body, Expected expected);

    /**
     * Opens a request for a stream: as any other, but never without an envelope where anything is
     * sealed at all.
     *
     * @param body as received, binary or armored; empty when none came
     * @param expected what it must be bound to
     */
    Incoming openStream(byte[] body, Expected expected);

    /**
     * Seals a reply.
     *
     * @param to whom it answers
     * @param status as HTTP would say it
     * @param reply the reply's members; the binding's members are added to it
     * @param armored whether the sender asked for armor
     */
    byte[] seal(ReplyTarget to, int status, ObjectNode reply, boolean armored);

    /**
     * Seals an event of a stream, bound to the stream's request.
     *
     * @param to who asked for the stream
     */
    byte[] seal(ReplyTarget to, StreamEvent event);

    /**
     * What a request must have been sealed for.
     *
     * @param tokenHash unpadded base64url SHA-256 of the access token sent along; empty only where
     *     policy is off
     * @param route the full URL of the route, under the public URL
     * @param tokenRecipient the recipient that the token itself names, its {@code age_recipient}
     */
    public record Expected(
            Optional<String> tokenHash, String route, Optional<String> tokenRecipient) {}

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
         * Bound to its token and its route, yet refused for what the envelope says. The reason
         * travels inside a sealed reply only.
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
}

package services.chorus.seqthink.sealing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import services.chorus.seqthink.protocol.StreamEvent;

/** Opens requests and seals replies. Thread-safe; no request makes an implementation throw. */
public sealed interface Sealing permits AgeSealing, UnsealedForDevelopment {

    String mediaType();

    /**
     * Opens a request body.
     *
     * @param body as received, binary or armored; not modified
     */
    Incoming open(byte[] body, Expected expected);

    /**
     * Opens a request for a stream, which must have an envelope even where bare requests are
     * accepted.
     *
     * @param body as received, binary or armored; empty when there is none
     */
    Incoming openStream(byte[] body, Expected expected);

    /**
     * Seals a reply.
     *
     * @param status an HTTP status
     * @param reply the members of the reply, without those that bind it to its request
     * @param armored whether the sender asked for armor
     */
    byte[] seal(ReplyTarget to, int status, ObjectNode reply, boolean armored);

    /** Seals an event of a stream, bound to the stream's request. */
    byte[] seal(ReplyTarget to, StreamEvent event);

    /**
     * The values that the envelope of a request must match.
     *
     * @param tokenHash unpadded base64url SHA-256 of the access token; empty only when policy is
     *     off
     * @param route the full URL of the route, under the public URL
     * @param tokenRecipient the claim {@code age_recipient} of the token
     */
    record Expected(Optional<String> tokenHash, String route, Optional<String> tokenRecipient) {}

    /** The result of opening a request. */
    sealed interface Incoming {

        /**
         * Opened, and bound to its token and route where that is mandatory.
         *
         * @param request the plaintext without the members of the envelope
         * @param from where to send the reply
         */
        record Accepted(ObjectNode request, ReplyTarget from) implements Incoming {

            /** Without the plaintext. */
            @Override
            public String toString() {
                return "Accepted[]";
            }
        }

        /**
         * Bound to its token and route, but rejected because of its envelope. The reason is sent
         * only inside a sealed reply.
         */
        record Refused(ReplyTarget from, Refusal refusal) implements Incoming {}

        /** Rejected without a sealed reply. */
        record Unanswerable(Cause cause) implements Incoming {}

        enum Cause {
            /** Malformed, or for another token or route: the sender does not learn which. */
            UNREADABLE,
            /** Well-formed, but not sealed to any of the gateway's identities. */
            NO_IDENTITY,
            /** Opened, but without the mandatory envelope. */
            ENVELOPE_REQUIRED,
            /** The plaintext is longer than the limit. */
            TOO_LARGE
        }
    }
}

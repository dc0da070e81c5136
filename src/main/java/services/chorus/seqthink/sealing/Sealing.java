package services.chorus.seqthink.sealing;

import com.fasterxml.jackson.databind.node.ObjectNode;
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
}

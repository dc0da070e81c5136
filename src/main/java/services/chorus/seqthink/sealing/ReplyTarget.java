package services.chorus.seqthink.sealing;

import java.util.List;
import java.util.Optional;
import services.chorus.seqthink.age.KeyRecipient;
import services.chorus.seqthink.protocol.Binding;

/**
 * Whom a reply is sealed to, and what it is bound to.
 *
 * @param recipients who can open the reply
 * @param name the recipients as one text, for the history key
 * @param session the name under which this caller keeps its history
 * @param binding the request's id and hash; empty for a bare request
 */
public record ReplyTarget(
        List<KeyRecipient> recipients, String name, String session, Optional<Binding> binding) {

    public ReplyTarget {
        recipients = List.copyOf(recipients);
    }

    /** Without the session, which came sealed. */
    @Override
    public String toString() {
        return "ReplyTarget[" + name + "]";
    }
}

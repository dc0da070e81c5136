package services.chorus.seqthink.sealing;

import java.util.List;
import java.util.Optional;
import services.chorus.seqthink.age.KeyRecipient;
import services.chorus.seqthink.protocol.Binding;

/**
 * The recipients of a reply, and the request it is bound to.
 *
 * @param name the recipients as one text, for the history key
 * @param session the name of the caller's history
 * @param binding empty for a bare request
 */
public record ReplyTarget(
        List<KeyRecipient> recipients, String name, String session, Optional<Binding> binding) {

    public ReplyTarget {
        recipients = List.copyOf(recipients);
    }

    /** Without the session, which is sealed in the request. */
    @Override
    public String toString() {
        return "ReplyTarget[" + name + "]";
    }
}

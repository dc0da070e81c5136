package services.chorus.seqthink.sealing;

import java.util.Optional;
import services.chorus.seqthink.protocol.RecipientsDocument;

/** What a door tells of whom to seal to. */
public interface AdvertisedRecipients {

    /**
     * The document to hand out, a {@link RecipientsDocument} in its signed form; empty when there
     * is none to be believed. Never blocks; safe for use by several threads.
     */
    Optional<String> document();
}

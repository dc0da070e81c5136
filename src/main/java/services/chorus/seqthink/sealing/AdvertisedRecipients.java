package services.chorus.seqthink.sealing;

import java.util.Optional;
import services.chorus.seqthink.protocol.RecipientsDocument;

/** The recipients that a door publishes for its callers to seal to. */
public interface AdvertisedRecipients {

    /**
     * The current {@link RecipientsDocument} in its signed form; empty when there is none that is
     * valid. Never blocks; safe for use by several threads.
     */
    Optional<String> document();
}

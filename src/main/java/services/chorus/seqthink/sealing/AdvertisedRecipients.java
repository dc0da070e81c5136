package services.chorus.seqthink.sealing;

import java.util.Optional;
import services.chorus.seqthink.protocol.RecipientsDocument;

/** The recipients that the gateway publishes for its callers to seal to. */
public interface AdvertisedRecipients {

    /**
     * The current {@link RecipientsDocument} in its signed form; empty when there is no valid one.
     * Never blocks; thread-safe.
     */
    Optional<String> document();
}

package services.chorus.seqthink.client;

import java.util.List;
import services.chorus.seqthink.age.KeyRecipient;

/** How a client learns which recipients a gateway's requests are sealed to. */
public sealed interface RecipientSource {

    /** Given by the user, so no document is fetched. */
    record Given(List<KeyRecipient> recipients) implements RecipientSource {

        public Given {
            recipients = List.copyOf(recipients);
        }
    }

    /** Signed by the gateway with its door key, and remembered. */
    record Signed(KnownGateways known, KnownGateways.Trust trust) implements RecipientSource {}
}

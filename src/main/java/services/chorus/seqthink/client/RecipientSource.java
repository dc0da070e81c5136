package services.chorus.seqthink.client;

import java.util.List;
import services.chorus.seqthink.age.KeyRecipient;

/** How a client learns which recipients a gateway's requests are sealed to. */
public sealed interface RecipientSource {

    /** Given by hand; there are no others to fall back to. */
    record Given(List<KeyRecipient> recipients) implements RecipientSource {

        public Given {
            recipients = List.copyOf(recipients);
        }
    }

    /**
     * Signed by the gateway with its door key, and remembered.
     *
     * @param known the gateways that were met before
     * @param trust why the key of one that was not is trusted
     */
    record Signed(KnownGateways known, KnownGateways.Trust trust) implements RecipientSource {}
}

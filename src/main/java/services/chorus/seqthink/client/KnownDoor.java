package services.chorus.seqthink.client;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import services.chorus.seqthink.age.KeyRecipient;

/**
 * What a client remembers of a door.
 *
 * @param fingerprint of the door's key
 * @param version of its recipients, the highest one seen
 * @param recipients of that version
 * @param until when they must be asked for again
 */
public record KnownDoor(
        String fingerprint, long version, List<KeyRecipient> recipients, Instant until) {

    public KnownDoor {
        requireNonNull(fingerprint, "fingerprint is null");
        requireNonNull(until, "until is null");
        recipients = List.copyOf(recipients);
    }
}

package services.chorus.seqthink.issuer.clients;

import java.util.Optional;

/** What became of a client's proof of itself. */
public sealed interface Verification {

    /**
     * It is this client.
     *
     * @param ageRecipient whom the client's assertion wants replies sealed to; any text
     */
    record Verified(Client client, Optional<String> ageRecipient) implements Verification {}

    /** Unknown, disabled, expired, or not its secret or key: one answer for all. */
    record Refused() implements Verification {}

    /** Too many are being verified just now, or were of this client; nothing was done. */
    record Busy() implements Verification {}

    /** Nobody can tell just now whether the proof was used before, so it counts for nothing. */
    record Unavailable() implements Verification {}
}

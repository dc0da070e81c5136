package services.chorus.seqthink.issuer.clients;

/** What became of a client's proof of itself. */
public sealed interface Verification {

    record Verified(Client client) implements Verification {}

    /** Unknown, disabled, expired, or not its secret: one answer for all. */
    record Refused() implements Verification {}

    /** Too many are being verified just now; nothing was looked at. */
    record Busy() implements Verification {}
}

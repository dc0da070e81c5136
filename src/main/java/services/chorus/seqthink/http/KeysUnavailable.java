package services.chorus.seqthink.http;

/** Says through the security layer that a token could not be judged. */
final class KeysUnavailable extends RuntimeException {

    KeysUnavailable() {
        super("the issuer's keys cannot be had", null, false, false);
    }
}

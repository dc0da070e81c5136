package services.chorus.seqthink.issuer.keys;

/** A rotation that is not begun, since the next key is published already. */
public final class KeyWaitingException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    KeyWaitingException(SigningKey waiting) {
        super(
                "Key %s is published already and signs from %s: nothing was changed"
                        .formatted(waiting.kid(), waiting.signsFrom()));
    }
}

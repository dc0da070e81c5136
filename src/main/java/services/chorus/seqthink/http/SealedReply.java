package services.chorus.seqthink.http;

import java.util.Optional;

/**
 * An answer inside a seal, with what is to be known of it where it is written down.
 *
 * @param body what is sent
 * @param inside the status that only the caller sees
 * @param code the code of the error inside, if it is one
 */
record SealedReply(byte[] body, int inside, Optional<String> code) {

    /** Without the body. */
    @Override
    public String toString() {
        return "SealedReply[" + inside + "]";
    }
}

package services.chorus.seqthink.pipeline;

/**
 * An answer inside a seal.
 *
 * @param status the status that everybody sees
 * @param mediaType of the body
 * @param body what is sent
 */
public record SealedReply(int status, String mediaType, byte[] body) {

    /** Without the body. */
    @Override
    public String toString() {
        return "SealedReply[" + status + "]";
    }
}

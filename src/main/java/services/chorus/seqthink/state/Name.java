package services.chorus.seqthink.state;

/**
 * The name of a shared value, group or log. The store sees only an HMAC of it.
 *
 * @param use its purpose, such as {@code thoughts}
 * @param id any text, such as its owner
 */
public record Name(String use, String id) {

    /** Without the id, which may name a caller. */
    @Override
    public String toString() {
        return "Name[" + use + "]";
    }
}

package services.chorus.seqthink.state;

/**
 * The name of a shared value, group or log. The store sees only an HMAC of it.
 *
 * @param use its purpose, such as {@code thoughts}
 * @param id any text, such as its owner
 * @param owner the owner to whose share of an embedded store it is counted; not part of the name
 */
public record Name(String use, String id, String owner) {

    /** A name whose owner is its id. */
    public Name(String use, String id) {
        this(use, id, id);
    }

    /** Without the id and the owner, which may name a caller. */
    @Override
    public String toString() {
        return "Name[" + use + "]";
    }
}

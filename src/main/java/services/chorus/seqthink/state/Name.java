package services.chorus.seqthink.state;

/**
 * The name of a shared value, group or log. The store sees only an HMAC of it.
 *
 * @param use its purpose, such as {@code thoughts}
 * @param id any text, such as its owner
 * @param owner whose share of an embedded store it occupies; not a part of the name
 */
public record Name(String use, String id, String owner) {

    /** A name of something that shares its room with nothing else. */
    public Name(String use, String id) {
        this(use, id, id);
    }

    /** Without the id and the owner, which may name a caller. */
    @Override
    public String toString() {
        return "Name[" + use + "]";
    }
}

package services.chorus.seqthink.state;

/**
 * What something shared is called. The store itself is never told: it sees an HMAC of this.
 *
 * @param use what it is for, such as {@code thoughts}
 * @param id whose it is or which; any text
 */
public record Name(String use, String id) {

    /** Without the id, which may name a caller. */
    @Override
    public String toString() {
        return "Name[" + use + "]";
    }
}

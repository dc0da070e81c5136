package services.chorus.seqthink.state;

import static java.util.Objects.requireNonNull;

/**
 * What something shared is called. The store itself is never told: it sees an HMAC of this.
 *
 * @param use what it is for, such as {@code thoughts}
 * @param id whose it is or which; any text
 */
public record Name(String use, String id) {

    public Name {
        requireNonNull(use, "use is null");
        requireNonNull(id, "id is null");
    }

    /** Without the id, which may name a caller. */
    @Override
    public String toString() {
        return "Name[" + use + "]";
    }
}

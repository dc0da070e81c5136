package services.chorus.seqthink.state;

/**
 * A caller's history, of which several things may be stored.
 *
 * @param owner unique to the caller, who shares the room of an embedded store with the others
 * @param id unique to the history, without the caller's name
 */
public record History(String owner, String id) {

    /** The name of one of the things that belong to this history. */
    public Name name(String use) {
        return new Name(use, id, owner);
    }

    /** Without the owner, which may name a caller. */
    @Override
    public String toString() {
        return "History[" + id + "]";
    }
}

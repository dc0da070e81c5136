package services.chorus.seqthink.state;

/**
 * What came of admitting a member to a group: a request, a proof or an assertion that counts once.
 */
public enum Admission {
    /** A new member. */
    ADMITTED,
    /** A member already; nothing has changed. */
    KNOWN,
    /** No room for a new member until one leaves; nothing has changed. */
    FULL,
    /** Nobody can tell now. The member may have been admitted, and counts as if it was not. */
    UNAVAILABLE
}

package services.chorus.seqthink.state;

/** What came of admitting a member to a group. */
public enum Admission {
    /** A new member. */
    ADMITTED,
    /** A member already; nothing has changed. */
    KNOWN,
    /** No room for a new member until one leaves; nothing has changed. */
    FULL
}

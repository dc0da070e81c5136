package services.chorus.seqthink.state;

/** The result of admitting a member to a group, such as a request that counts once. */
public enum Admission {
    /** The member is new. */
    ADMITTED,
    /** The member was already in the group; nothing changed. */
    KNOWN,
    /** The group has no room until a member expires; nothing changed. */
    FULL,
    /** The store failed. Treat the member as not admitted, although it may have been. */
    UNAVAILABLE
}

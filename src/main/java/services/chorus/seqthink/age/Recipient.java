package services.chorus.seqthink.age;

import java.security.SecureRandom;

/** Whom a file can be sealed to. Immutable and safe for several threads. */
public abstract sealed class Recipient permits KeyRecipient {

    /** Which recipients may share a file (age spec: quantum-safe ones with their like only). */
    enum Company {
        CLASSICAL,
        POST_QUANTUM
    }

    abstract Company company();

    abstract Stanza wrap(FileKey fileKey, SecureRandom random) throws AgeException;
}

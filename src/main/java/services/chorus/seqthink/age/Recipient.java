package services.chorus.seqthink.age;

import java.security.SecureRandom;

/** Whom a file can be sealed to. Immutable and safe for several threads. */
public abstract sealed class Recipient permits KeyRecipient, ScryptRecipient {

    /** Which recipients may share a file: those that keep the same company. */
    enum Company {
        CLASSICAL,
        /** Beside another kind it would no longer be quantum-safe. */
        POST_QUANTUM,
        /** Alone, also without its like. */
        NONE
    }

    abstract Company company();

    abstract Stanza wrap(FileKey fileKey, SecureRandom random) throws AgeException;
}

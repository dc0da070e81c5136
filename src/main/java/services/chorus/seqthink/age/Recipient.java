package services.chorus.seqthink.age;

import java.security.SecureRandom;

/** Whom a file can be sealed to. Immutable and safe for several threads. */
public abstract class Recipient {

    /** For types of this package. */
    Recipient() {}

    /** Recipients of one kind may share a file. */
    enum Kind {
        CLASSICAL,
        /** Beside another kind it would no longer be quantum-safe. */
        POST_QUANTUM,
        /** Alone in its file, without another passphrase, too (age spec). */
        PASSPHRASE
    }

    abstract Kind kind();

    abstract Stanza wrap(FileKey fileKey, SecureRandom random) throws AgeException;
}

package services.chorus.seqthink.age;

import java.security.SecureRandom;

/** A public key or passphrase to which files are sealed. Immutable. */
public abstract class Recipient {

    Recipient() {}

    /** Only recipients of the same kind can be in one file. */
    enum Kind {
        CLASSICAL,
        /** A file with another kind would not be quantum-safe. */
        POST_QUANTUM,
        /** Must be the only recipient (age spec, "scrypt recipient stanza"). */
        PASSPHRASE
    }

    abstract Kind kind();

    abstract Stanza wrap(FileKey fileKey, SecureRandom random) throws AgeException;
}

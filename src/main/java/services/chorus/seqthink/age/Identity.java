package services.chorus.seqthink.age;

import java.util.Optional;

/**
 * A secret that opens files sealed to it. Safe for several threads; {@code toString} hides it.
 * Closing wipes the secret: a closed identity opens nothing any more.
 */
public abstract class Identity implements AutoCloseable {

    /** For types of this package. */
    Identity() {}

    /**
     * The file key, when the stanza is of this identity's type and for this identity.
     *
     * @throws AgeException when the stanza must not be computed with, which ends the opening
     */
    abstract Optional<FileKey> unwrap(Stanza stanza) throws AgeException;

    @Override
    public abstract void close();
}

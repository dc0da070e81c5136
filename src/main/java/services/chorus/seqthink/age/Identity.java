package services.chorus.seqthink.age;

import java.util.Optional;

/**
 * A secret that opens files sealed to it; {@code toString} hides it. Closing wipes the secret; a
 * closed identity opens nothing. Thread-safe.
 */
public abstract class Identity implements AutoCloseable {

    Identity() {}

    /**
     * Returns the file key; empty when the stanza is of another type or for another identity.
     *
     * @throws AgeException when the file must be rejected because of this stanza
     */
    abstract Optional<FileKey> unwrap(Stanza stanza) throws AgeException;

    @Override
    public abstract void close();
}

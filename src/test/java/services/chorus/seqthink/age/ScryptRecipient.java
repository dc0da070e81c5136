package services.chorus.seqthink.age;

import java.security.SecureRandom;

/**
 * Seals to a passphrase (age spec, "The scrypt recipient type"), alone in its file. For the command
 * line: 256 MiB of memory and about a second at the usual work factor.
 */
public final class ScryptRecipient extends Recipient implements AutoCloseable {

    /** The base-two logarithm of scrypt's N that {@code age} uses. */
    public static final int USUAL_WORK_FACTOR = 18;

    private final Passphrase passphrase;
    private final int workFactor;

    /**
     * @param passphrase UTF-8; copied, the copy wiped by {@link #close}
     * @param workFactor 1 to 22, the base-two logarithm of scrypt's N
     */
    public ScryptRecipient(byte[] passphrase, int workFactor) {
        this.passphrase = new Passphrase(passphrase);
        this.workFactor = ScryptIdentity.checked(workFactor);
    }

    @Override
    public void close() {
        passphrase.close();
    }

    @Override
    Kind kind() {
        return Kind.PASSPHRASE;
    }

    @Override
    Stanza wrap(FileKey fileKey, SecureRandom random) throws AgeException {
        if (passphrase.isClosed()) {
            throw AgeException.sealing("The passphrase was closed: ask for it again");
        }
        byte[] salt = new byte[Stanza.Scrypt.SALT_SIZE];
        random.nextBytes(salt);
        byte[] body = fileKey.wrap(passphrase.wrapKey(salt, workFactor));
        return new Stanza.Scrypt(salt, workFactor, body);
    }
}

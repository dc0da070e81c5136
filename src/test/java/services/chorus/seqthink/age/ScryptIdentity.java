package services.chorus.seqthink.age;

import java.util.Optional;

/** Opens a file sealed to a passphrase (age spec, "The scrypt recipient type"). */
public final class ScryptIdentity extends Identity {

    /** 4 GiB of memory. */
    private static final int GREATEST_WORK_FACTOR = 22;

    private final Passphrase passphrase;
    private final int maxWorkFactor;

    /** As the other constructor, up to {@link ScryptRecipient#USUAL_WORK_FACTOR}. */
    public ScryptIdentity(byte[] passphrase) {
        this(passphrase, ScryptRecipient.USUAL_WORK_FACTOR);
    }

    /**
     * @param passphrase UTF-8; copied, the copy wiped by {@link #close}
     * @param maxWorkFactor 1 to 22: the base-two logarithm of scrypt's N; a file with a higher one
     *     is rejected as malformed
     */
    public ScryptIdentity(byte[] passphrase, int maxWorkFactor) {
        this.passphrase = new Passphrase(passphrase);
        this.maxWorkFactor = checked(maxWorkFactor);
    }

    static int checked(int workFactor) {
        if (workFactor < 1 || workFactor > GREATEST_WORK_FACTOR) {
            throw new IllegalArgumentException(
                    "A work factor is 1 to %d, not %d".formatted(GREATEST_WORK_FACTOR, workFactor));
        }
        return workFactor;
    }

    @Override
    public void close() {
        passphrase.close();
    }

    @Override
    public String toString() {
        return "ScryptIdentity[hidden]";
    }

    @Override
    Optional<FileKey> unwrap(Stanza stanza) throws AgeException {
        if (!(stanza instanceof Stanza.Scrypt scrypt) || passphrase.isClosed()) {
            return Optional.empty();
        }
        if (scrypt.workFactor() > maxWorkFactor) {
            throw AgeException.header(
                    "The passphrase wants a work factor of %d, more than %d"
                            .formatted(scrypt.workFactor(), maxWorkFactor));
        }
        byte[] wrapKey = passphrase.wrapKey(scrypt.salt(), scrypt.workFactor());
        return FileKey.unwrap(wrapKey, scrypt.body());
    }
}

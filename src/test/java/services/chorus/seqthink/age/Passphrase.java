package services.chorus.seqthink.age;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.bouncycastle.crypto.generators.SCrypt;

/** A passphrase for {@link ScryptRecipient} and {@link ScryptIdentity}; wiped when closed. */
final class Passphrase implements AutoCloseable {

    private static final byte[] SALT_LABEL =
            "age-encryption.org/v1/scrypt".getBytes(StandardCharsets.US_ASCII);
    private static final int BLOCK_SIZE = 8;
    private static final int PARALLELISM = 1;
    private static final int KEY_SIZE = 32;

    private final byte[] utf8;
    private volatile boolean closed;

    /** Copies the passphrase. */
    Passphrase(byte[] utf8) {
        this.utf8 = utf8.clone();
    }

    /** Derives the wrap key, which takes 2^(workFactor + 10) bytes of memory. */
    byte[] wrapKey(byte[] salt, int workFactor) {
        byte[] labelled = Arrays.copyOf(SALT_LABEL, SALT_LABEL.length + salt.length);
        System.arraycopy(salt, 0, labelled, SALT_LABEL.length, salt.length);
        return SCrypt.generate(utf8, labelled, 1 << workFactor, BLOCK_SIZE, PARALLELISM, KEY_SIZE);
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        closed = true;
        Arrays.fill(utf8, (byte) 0);
    }

    @Override
    public String toString() {
        return "Passphrase[hidden]";
    }
}

package services.chorus.seqthink.age;

import java.security.SecureRandom;
import java.util.Optional;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.InvalidCipherTextException;

/**
 * A post-quantum secret key, {@code AGE-SECRET-KEY-PQ-1...} (age spec, "The MLKEM768-X25519 hybrid
 * post-quantum recipient type"). Closing wipes the seed and drops the key pair expanded from it,
 * which Bouncy Castle cannot wipe.
 */
public final class HybridIdentity extends KeyIdentity {

    static final String HUMAN_PART = "AGE-SECRET-KEY-PQ-";

    private static final int SECRET_SIZE = 32;

    private final HybridRecipient recipient;
    private volatile Optional<AsymmetricCipherKeyPair> keyPair;

    private HybridIdentity(byte[] secret) {
        super(HUMAN_PART, secret);
        AsymmetricCipherKeyPair expanded =
                HybridRecipient.hpke().deserializePrivateKey(secret, null);
        this.recipient = HybridRecipient.of(expanded.getPublic());
        this.keyPair = Optional.of(expanded);
    }

    public static HybridIdentity generate() {
        byte[] secret = new byte[SECRET_SIZE];
        new SecureRandom().nextBytes(secret);
        return new HybridIdentity(secret);
    }

    static HybridIdentity decode(CharSequence text) throws AgeException {
        return new HybridIdentity(Bech32.decode(HUMAN_PART, SECRET_SIZE, text));
    }

    @Override
    public HybridRecipient recipient() {
        return recipient;
    }

    @Override
    public void close() {
        keyPair = Optional.empty();
        super.close();
    }

    @Override
    Optional<FileKey> unwrap(Stanza stanza) throws AgeException {
        Optional<AsymmetricCipherKeyPair> open = keyPair;
        if (!(stanza instanceof Stanza.Hybrid(byte[] encapsulated, byte[] body))
                || open.isEmpty()) {
            return Optional.empty();
        }
        try {
            byte[] fileKey =
                    HybridRecipient.hpke()
                            .setupBaseR(encapsulated, open.get(), HybridRecipient.info())
                            .open(HybridRecipient.NO_ASSOCIATED_DATA, body);
            return Optional.of(new FileKey(fileKey));
        } catch (InvalidCipherTextException wrongTag) {
            return Optional.empty();
        } catch (IllegalStateException zeroSecret) {
            // the shared secret of the X25519 half is all zero
            throw AgeException.header("An mlkem768x25519 stanza has a low-order public key");
        }
    }
}

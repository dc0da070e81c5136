package services.chorus.seqthink.age;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.hpke.HPKE;
import org.bouncycastle.crypto.hpke.HPKEContextWithEncapsulation;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import services.chorus.seqthink.age.X25519Recipient.X25519Key;

/**
 * A post-quantum public key, {@code age1pq...} (age spec, "The MLKEM768-X25519 hybrid post-quantum
 * recipient type").
 */
public final class HybridRecipient extends KeyRecipient {

    static final String HUMAN_PART = "age1pq";
    static final int PUBLIC_SIZE = 1216;
    static final int ENCAPSULATED_SIZE = 1120;
    static final byte[] NO_ASSOCIATED_DATA = {};

    /** X-Wing takes 32 random bytes for ML-KEM-768 and 32 for X25519. */
    private static final int ENCAPSULATION_SEED = 64;

    private final AsymmetricKeyParameter key;

    private HybridRecipient(byte[] encoded, AsymmetricKeyParameter key) {
        super(new String(Bech32.encode(HUMAN_PART, encoded), StandardCharsets.US_ASCII));
        this.key = key;
    }

    static HybridRecipient decode(CharSequence text) throws AgeException {
        byte[] encoded = Bech32.decode(HUMAN_PART, PUBLIC_SIZE, text);
        int pointStart = PUBLIC_SIZE - X25519Key.SIZE;
        if (X25519Key.isUnsound(Arrays.copyOfRange(encoded, pointStart, encoded.length))) {
            throw hidesNothing();
        }
        try {
            return new HybridRecipient(encoded, hpke().deserializePublicKey(encoded));
        } catch (IllegalArgumentException outOfRange) {
            throw hidesNothing();
        }
    }

    static HybridRecipient of(AsymmetricKeyParameter key) {
        return new HybridRecipient(hpke().serializePublicKey(key), key);
    }

    @Override
    Kind kind() {
        return Kind.POST_QUANTUM;
    }

    @Override
    Stanza wrap(FileKey fileKey, SecureRandom random) throws AgeException {
        byte[] seed = new byte[ENCAPSULATION_SEED];
        random.nextBytes(seed);
        try {
            HPKEContextWithEncapsulation context = hpke().setupBaseS(key, info(), seed);
            byte[] body = context.seal(NO_ASSOCIATED_DATA, fileKey.bytes());
            return new Stanza.Hybrid(context.getEncapsulation(), body);
        } catch (IllegalStateException zeroSecret) {
            throw hidesNothing();
        } catch (InvalidCipherTextException e) {
            throw new IllegalStateException("Sealing does not check a tag", e);
        } finally {
            Arrays.fill(seed, (byte) 0);
        }
    }

    /** A new one for each operation: Bouncy Castle's HPKE is not thread-safe. */
    static HPKE hpke() {
        return new HPKE(
                HPKE.mode_base, HPKE.kem_X_WING, HPKE.kdf_HKDF_SHA256, HPKE.aead_CHACHA20_POLY1305);
    }

    /** The HPKE info of the age spec. */
    static byte[] info() {
        return "age-encryption.org/mlkem768x25519".getBytes(StandardCharsets.US_ASCII);
    }
}

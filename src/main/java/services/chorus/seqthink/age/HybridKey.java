package services.chorus.seqthink.age;

import java.nio.charset.StandardCharsets;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.hpke.HPKE;

/** The numbers and the HPKE suite of age spec, "mlkem768x25519 recipient stanza". */
final class HybridKey {

    static final int SECRET_SIZE = 32;
    static final int PUBLIC_SIZE = 1216;
    static final int ENCAPSULATED_SIZE = 1120;
    static final byte[] NO_ASSOCIATED_DATA = {};

    private HybridKey() {}

    /** Serves one operation: Bouncy Castle's HPKE is not safe for several threads. */
    static HPKE hpke() {
        return new HPKE(
                HPKE.mode_base, HPKE.kem_X_WING, HPKE.kdf_HKDF_SHA256, HPKE.aead_CHACHA20_POLY1305);
    }

    static byte[] info() {
        return "age-encryption.org/mlkem768x25519".getBytes(StandardCharsets.US_ASCII);
    }

    static AsymmetricCipherKeyPair expand(byte[] secret) {
        return hpke().deserializePrivateKey(secret, null);
    }
}

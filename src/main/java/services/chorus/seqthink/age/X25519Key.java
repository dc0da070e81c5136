package services.chorus.seqthink.age;

import java.util.Arrays;
import java.util.Optional;
import org.bouncycastle.math.ec.rfc7748.X25519;
import services.chorus.seqthink.hash.Hmac;

/** The X25519 function (RFC 7748 section 5) and what age makes of its result. */
final class X25519Key {

    static final int SIZE = X25519.POINT_SIZE;

    private static final String INFO = "age-encryption.org/v1/X25519";

    private X25519Key() {}

    static byte[] publicKey(byte[] secret) {
        byte[] point = new byte[SIZE];
        X25519.scalarMultBase(secret, 0, point, 0);
        return point;
    }

    /** Whether a point shares the all-zero secret with everyone, and so hides nothing. */
    static boolean isLowOrder(byte[] point) {
        byte[] shared = new byte[SIZE];
        return !X25519.calculateAgreement(new byte[SIZE], 0, point, 0, shared, 0);
    }

    /** The key that wraps a file key; empty when the shared secret is all zero. */
    static Optional<byte[]> wrapKey(byte[] secret, byte[] point, byte[] share, byte[] recipient) {
        byte[] shared = new byte[SIZE];
        try {
            if (!X25519.calculateAgreement(secret, 0, point, 0, shared, 0)) {
                return Optional.empty();
            }
            byte[] salt = Arrays.copyOf(share, 2 * SIZE);
            System.arraycopy(recipient, 0, salt, SIZE, SIZE);
            return Optional.of(new Hmac().derive(shared, salt, INFO));
        } finally {
            Arrays.fill(shared, (byte) 0);
        }
    }
}

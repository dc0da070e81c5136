package services.chorus.seqthink.age;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import org.bouncycastle.math.ec.rfc7748.X25519;
import services.chorus.seqthink.hash.Hmac;

/** An X25519 public key, {@code age1...} (age spec, "The X25519 recipient type"). */
public final class X25519Recipient extends KeyRecipient {

    static final String HUMAN_PART = "age";

    private final byte[] point;

    X25519Recipient(byte[] point) {
        super(new String(Bech32.encode(HUMAN_PART, point), StandardCharsets.US_ASCII));
        this.point = point;
    }

    static X25519Recipient decode(CharSequence text) throws AgeException {
        byte[] point = Bech32.decode(HUMAN_PART, X25519Key.SIZE, text);
        if (X25519Key.isUnsound(point)) {
            throw hidesNothing();
        }
        return new X25519Recipient(point);
    }

    @Override
    Kind kind() {
        return Kind.CLASSICAL;
    }

    @Override
    Stanza wrap(FileKey fileKey, SecureRandom random) throws AgeException {
        byte[] ephemeral = new byte[X25519Key.SIZE];
        random.nextBytes(ephemeral);
        byte[] share = X25519Key.publicKey(ephemeral);
        byte[] wrapKey =
                X25519Key.wrapKey(ephemeral, point, share, point)
                        .orElseThrow(KeyRecipient::hidesNothing);
        Arrays.fill(ephemeral, (byte) 0);
        return new Stanza.X25519(share, fileKey.wrap(wrapKey));
    }

    byte[] point() {
        return point;
    }

    /** The X25519 function (RFC 7748 section 5) and the wrap key that age derives from it. */
    static final class X25519Key {

        static final int SIZE = X25519.POINT_SIZE;

        private static final BigInteger FIELD =
                BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));
        private static final String INFO = "age-encryption.org/v1/X25519";

        private X25519Key() {}

        static byte[] publicKey(byte[] secret) {
            byte[] point = new byte[SIZE];
            X25519.scalarMultBase(secret, 0, point, 0);
            return point;
        }

        /**
         * Whether the shared secret with this point is always zero, or the point is a second
         * encoding of another, which would have another name (RFC 7748 section 5: 2^255 - 19 and
         * more, or with the unused bit set).
         */
        static boolean isUnsound(byte[] point) {
            byte[] shared = new byte[SIZE];
            return !X25519.calculateAgreement(new byte[SIZE], 0, point, 0, shared, 0)
                    || new BigInteger(1, reversed(point)).compareTo(FIELD) >= 0;
        }

        private static byte[] reversed(byte[] bytes) {
            byte[] reversed = new byte[bytes.length];
            for (int i = 0; i < bytes.length; i++) {
                reversed[i] = bytes[bytes.length - 1 - i];
            }
            return reversed;
        }

        /** Derives the wrap key; empty when the shared secret is all zero. */
        static Optional<byte[]> wrapKey(
                byte[] secret, byte[] point, byte[] share, byte[] recipient) {
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
}

package services.chorus.seqthink.age;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;

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
        if (X25519Key.isLowOrder(point)) {
            throw lowOrder();
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
                        .orElseThrow(X25519Recipient::lowOrder);
        Arrays.fill(ephemeral, (byte) 0);
        return new Stanza.X25519(share, fileKey.wrap(wrapKey));
    }

    /** Not a copy. */
    byte[] point() {
        return point;
    }

    private static AgeException lowOrder() {
        return AgeException.key("The recipient's key would hide nothing: ask for another one");
    }
}

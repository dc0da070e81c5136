package services.chorus.seqthink.age;

import java.security.SecureRandom;
import java.util.Optional;
import services.chorus.seqthink.age.X25519Recipient.X25519Key;

/** An X25519 secret key, {@code AGE-SECRET-KEY-1...} (age spec, "The X25519 recipient type"). */
public final class X25519Identity extends KeyIdentity {

    static final String HUMAN_PART = "AGE-SECRET-KEY-";

    private final X25519Recipient recipient;

    private X25519Identity(byte[] secret) {
        super(HUMAN_PART, secret);
        this.recipient = new X25519Recipient(X25519Key.publicKey(secret));
    }

    public static X25519Identity generate() {
        byte[] secret = new byte[X25519Key.SIZE];
        new SecureRandom().nextBytes(secret);
        return new X25519Identity(secret);
    }

    static X25519Identity decode(CharSequence text) throws AgeException {
        return new X25519Identity(Bech32.decode(HUMAN_PART, X25519Key.SIZE, text));
    }

    @Override
    public X25519Recipient recipient() {
        return recipient;
    }

    @Override
    Optional<FileKey> unwrap(Stanza stanza) throws AgeException {
        if (!(stanza instanceof Stanza.X25519(byte[] share, byte[] body)) || isClosed()) {
            return Optional.empty();
        }
        byte[] wrapKey =
                X25519Key.wrapKey(secret(), share, share, recipient.point())
                        .orElseThrow(
                                () ->
                                        AgeException.header(
                                                "An X25519 stanza has a low-order public key"));
        return FileKey.unwrap(wrapKey, body);
    }
}

package services.chorus.seqthink.age;

import java.util.Arrays;
import services.chorus.seqthink.hash.Hmac;

/** A secret key with its recipient. */
public abstract sealed class KeyIdentity extends Identity permits X25519Identity, HybridIdentity {

    private final String humanPart;
    private final byte[] secret;
    private volatile boolean closed;

    /** Takes the secret over. */
    KeyIdentity(String humanPart, byte[] secret) {
        this.humanPart = humanPart;
        this.secret = secret;
    }

    /**
     * Reads an identity as {@code age-keygen} prints it, {@code AGE-SECRET-KEY-1...} or {@code
     * AGE-SECRET-KEY-PQ-1...}, in upper case.
     *
     * @param text not kept; its owner wipes it where it is made of characters that can be wiped
     * @throws AgeException of kind {@code KEY}, its message without any of the text
     */
    public static KeyIdentity parse(CharSequence text) throws AgeException {
        return Bech32.begins(HybridIdentity.HUMAN_PART, text)
                ? HybridIdentity.decode(text)
                : X25519Identity.decode(text);
    }

    /** Whom to seal to for this identity. */
    public abstract KeyRecipient recipient();

    /**
     * The identity as {@link #parse} reads it.
     *
     * @return ASCII, for the caller to wipe
     * @throws IllegalStateException when closed
     */
    public final byte[] encode() {
        return Bech32.encode(humanPart, openSecret());
    }

    /**
     * Derives another secret from this one, by HKDF-SHA-256 without salt. One label gives one key,
     * always; keys of different labels tell nothing of each other or of the identity.
     *
     * @param label what the key is for, such as {@code seqthink/state/v1}
     * @return 32 bytes, for the caller to wipe
     * @throws IllegalStateException when closed
     */
    public final byte[] deriveKey(String label) {
        return new Hmac().derive(openSecret(), label);
    }

    @Override
    public void close() {
        closed = true;
        Arrays.fill(secret, (byte) 0);
    }

    @Override
    public final String toString() {
        return "Identity[" + recipient().fingerprint() + "]";
    }

    final boolean isClosed() {
        return closed;
    }

    /** The secret itself, not a copy. */
    final byte[] secret() {
        return secret;
    }

    private byte[] openSecret() {
        if (closed) {
            throw new IllegalStateException("The identity is closed");
        }
        return secret;
    }
}

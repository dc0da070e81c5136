package services.chorus.seqthink.age;

import java.util.Arrays;
import services.chorus.seqthink.hash.Hmac;

/** A secret key with its recipient. */
public abstract sealed class KeyIdentity extends Identity permits X25519Identity, HybridIdentity {

    private final String humanPart;
    private final byte[] secret;
    private volatile boolean closed;

    /** Takes ownership of the secret. */
    KeyIdentity(String humanPart, byte[] secret) {
        this.humanPart = humanPart;
        this.secret = secret;
    }

    /**
     * Parses an identity as {@code age-keygen} prints it, {@code AGE-SECRET-KEY-1...} or {@code
     * AGE-SECRET-KEY-PQ-1...}, in upper case.
     *
     * @param text for the caller to wipe
     * @throws AgeException of kind {@code KEY}, its message without any part of the text
     */
    public static KeyIdentity parse(CharSequence text) throws AgeException {
        return Bech32.begins(HybridIdentity.HUMAN_PART, text)
                ? HybridIdentity.decode(text)
                : X25519Identity.decode(text);
    }

    /** The public key to which files for this identity are sealed. */
    public abstract KeyRecipient recipient();

    /**
     * Returns the text form, as {@link #parse} reads it.
     *
     * @return ASCII, for the caller to wipe
     * @throws IllegalStateException when closed
     */
    public final byte[] encode() {
        return Bech32.encode(humanPart, openSecret());
    }

    /**
     * Derives another secret by HKDF-SHA-256 without salt (RFC 5869). The same label always gives
     * the same key; a key reveals nothing about the others or the identity.
     *
     * @param label the use of the key, such as {@code seqthink/state/v1}
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

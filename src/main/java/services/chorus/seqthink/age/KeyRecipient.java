package services.chorus.seqthink.age;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import services.chorus.seqthink.hash.Sha256;

/** A public key; equality compares the text form. */
public abstract sealed class KeyRecipient extends Recipient
        permits X25519Recipient, HybridRecipient {

    private static final int FINGERPRINT_BYTES = 8;

    private final String text;
    private final String fingerprint;

    KeyRecipient(String text) {
        this.text = text;
        byte[] hash = Sha256.digest().digest(text.getBytes(StandardCharsets.US_ASCII));
        this.fingerprint = HexFormat.of().formatHex(hash, 0, FINGERPRINT_BYTES);
    }

    /**
     * Parses a recipient as {@code age-keygen} prints it, {@code age1...} or {@code age1pq1...}, in
     * lower case.
     *
     * @throws AgeException of kind {@code KEY}
     */
    public static KeyRecipient parse(String text) throws AgeException {
        return Bech32.begins(HybridRecipient.HUMAN_PART, text)
                ? HybridRecipient.decode(text)
                : X25519Recipient.decode(text);
    }

    /** As {@link #parse}; empty when the text is malformed. */
    public static Optional<KeyRecipient> read(String text) {
        try {
            return Optional.of(parse(text));
        } catch (AgeException e) {
            return Optional.empty();
        }
    }

    /** The first 16 hexadecimal digits of the SHA-256 of {@link #toString}, for metrics. */
    public final String fingerprint() {
        return fingerprint;
    }

    /** The text form, as {@link #parse} reads it. */
    @Override
    public final String toString() {
        return text;
    }

    @Override
    public final boolean equals(Object other) {
        return other instanceof KeyRecipient recipient && text.equals(recipient.text);
    }

    @Override
    public final int hashCode() {
        return text.hashCode();
    }

    /** A public key with which everybody computes the same shared secret. */
    static AgeException hidesNothing() {
        return AgeException.key(
                "The recipient's key is invalid and gives no secrecy: use another one");
    }
}

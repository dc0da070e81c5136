package services.chorus.seqthink.age;

import java.io.IOException;

/**
 * An age file or key is unusable. The message is written for operators: it names the broken rule
 * and never contains a key, a passphrase or plaintext.
 */
public final class AgeException extends IOException {

    /** The part that is at fault. */
    public enum Kind {
        /** The ASCII armor around the file. */
        ARMOR,
        /** A malformed header, or a stanza whose key gives no secrecy. */
        HEADER,
        /** No identity opens any stanza. */
        NO_MATCH,
        /** The header was changed. */
        MAC,
        /** The payload was changed, truncated or extended. */
        PAYLOAD,
        /** The text of a recipient or an identity. */
        KEY,
        /** The plaintext or the set of recipients cannot be sealed. */
        SEALING
    }

    private final Kind kind;

    AgeException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }

    /**
     * An unusable key or key file, also by the rules of a format above age.
     *
     * @param message says what is wrong and what to do, and contains no part of the key
     */
    public static AgeException key(String message) {
        return new AgeException(Kind.KEY, message);
    }

    /** The same, with the number of a line in a file. */
    public static AgeException key(int line, String message) {
        return key("Line %d: %s".formatted(line, message));
    }

    static AgeException armor(String message) {
        return new AgeException(Kind.ARMOR, message);
    }

    static AgeException header(String message) {
        return new AgeException(Kind.HEADER, message);
    }

    static AgeException payload(String message) {
        return new AgeException(Kind.PAYLOAD, message);
    }

    static AgeException sealing(String message) {
        return new AgeException(Kind.SEALING, message);
    }
}

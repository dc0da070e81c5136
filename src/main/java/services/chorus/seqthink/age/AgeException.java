package services.chorus.seqthink.age;

import java.io.IOException;

/**
 * An age file or key that cannot be used. The message is for the person at the command line: it
 * names the rule that was broken and never carries a key, a passphrase or plaintext.
 */
public final class AgeException extends IOException {

    /** Which part refused. */
    public enum Kind {
        /** The ASCII armor around the file. */
        ARMOR,
        /** The header's form, or a stanza that must never be computed with. */
        HEADER,
        /** No identity opens any stanza. */
        NO_MATCH,
        /** The header is not the one that was sealed. */
        MAC,
        /** The payload was changed, cut short or extended. */
        PAYLOAD,
        /** The text of a recipient or an identity. */
        KEY,
        /** What was to be sealed, or to whom. */
        SEALING
    }

    private final Kind kind;

    AgeException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    /** Which part refused. */
    public Kind kind() {
        return kind;
    }

    /**
     * A key, or a file of keys, that breaks a rule; those above this format's included.
     *
     * @param message what is wrong and what to do, and nothing of the key
     */
    public static AgeException key(String message) {
        return new AgeException(Kind.KEY, message);
    }

    /** The same, on that line of a file. */
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

package services.chorus.seqthink.age;

/** The result of opening a file. */
public sealed interface Opened {

    /**
     * The verified plaintext.
     *
     * @param bytes for the caller to wipe
     */
    record Plaintext(byte[] bytes, Identity openedBy) implements Opened {
        @Override
        public String toString() {
            return "Plaintext[hidden, openedBy=" + openedBy + "]";
        }
    }

    /** A well-formed file that is sealed to other recipients. */
    record NoIdentityMatched() implements Opened {}

    /**
     * Not an age file, or a file that was changed.
     *
     * @param reason for local use, not for the sender of the file
     */
    record Malformed(String reason) implements Opened {}

    /** The plaintext would be longer than the given limit; nothing was opened. */
    record TooLarge(int maxPlaintextBytes) implements Opened {}
}

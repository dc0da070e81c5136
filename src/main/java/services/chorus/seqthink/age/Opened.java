package services.chorus.seqthink.age;

/** What came of opening a file. */
public sealed interface Opened {

    /**
     * The whole file opened and verified.
     *
     * @param bytes the plaintext, for its owner to wipe
     * @param openedBy the identity that opened it
     */
    record Plaintext(byte[] bytes, Identity openedBy) implements Opened {
        @Override
        public String toString() {
            return "Plaintext[hidden, openedBy=" + openedBy + "]";
        }
    }

    /** A well-formed file that was sealed to others. */
    record NoIdentityMatched() implements Opened {}

    /**
     * No age file, or one that was changed.
     *
     * @param reason for local use, never for whoever sent the file
     */
    record Malformed(String reason) implements Opened {}

    /**
     * The plaintext would be longer than asked for; nothing was opened.
     *
     * @param maxPlaintextBytes what was asked for
     */
    record TooLarge(int maxPlaintextBytes) implements Opened {}
}

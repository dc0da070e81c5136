package services.chorus.seqthink.files;

import java.io.IOException;

/** A file cannot be used; the message names it and says what to do. */
public final class UnusableFileException extends IOException {

    /**
     * @param message contains nothing of the file's content
     */
    public UnusableFileException(String message) {
        super(message);
    }
}

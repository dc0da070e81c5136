package services.chorus.seqthink.files;

import java.io.IOException;

/** A file that cannot be used as it is; the message names it and says what to do. */
public final class UnusableFileException extends IOException {

    /**
     * @param message for a person, without anything that stands in the file
     */
    public UnusableFileException(String message) {
        super(message);
    }
}

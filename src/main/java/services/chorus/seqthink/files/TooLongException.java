package services.chorus.seqthink.files;

import java.io.IOException;

/** A file that is longer than any of its kind; it was not read. */
public final class TooLongException extends IOException {

    private static final long serialVersionUID = 1L;

    TooLongException() {
        super("The file is too long for keys or certificates");
    }
}

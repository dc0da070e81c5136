package services.chorus.seqthink.files;

import java.io.IOException;

/** A file that this process's user cannot change for the user whose it is; it was left as it is. */
public final class AnothersFileException extends IOException {

    private static final long serialVersionUID = 1L;

    AnothersFileException(String message) {
        super(message);
    }
}

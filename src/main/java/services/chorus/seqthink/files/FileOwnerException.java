package services.chorus.seqthink.files;

/**
 * A file of another user, for whom this process's user cannot change it; it was left as it is. The
 * message says whom to run as.
 */
public final class FileOwnerException extends UnusableFileException {

    private static final long serialVersionUID = 1L;

    FileOwnerException(String message) {
        super(message);
    }
}

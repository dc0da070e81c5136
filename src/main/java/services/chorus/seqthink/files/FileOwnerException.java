package services.chorus.seqthink.files;

/**
 * A file of another user, for whom this process's user cannot change it; it was left as it is. The
 * message says whom to run as.
 */
public final class FileOwnerException extends UnusableFileException {

    FileOwnerException(String message) {
        super(message);
    }
}

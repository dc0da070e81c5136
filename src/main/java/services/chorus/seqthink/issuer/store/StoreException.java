package services.chorus.seqthink.issuer.store;

import static java.util.stream.Collectors.joining;

import java.nio.file.Path;
import java.util.List;

/**
 * A file of the issuer that cannot be used. The message names the file and says what to do; it
 * never repeats the file's content.
 */
public final class StoreException extends RuntimeException {

    StoreException(String message) {
        super(message);
    }

    public static StoreException unreadable(Path path) {
        return new StoreException(
                path + " cannot be read: let this service read it, or correct the path");
    }

    static StoreException unwritable(Path path) {
        return new StoreException(
                path
                        + " cannot be written: its folder must exist, and this service must be"
                        + " allowed to write to it");
    }

    public static StoreException missing(Path path) {
        return new StoreException(path + " is missing: restore it from a copy");
    }

    static StoreException pending(Path path, Path rest) {
        return new StoreException(
                path
                        + " is missing because a restore was interrupted: restore the same backup"
                        + " again, or delete what the restore left ("
                        + rest
                        + ")");
    }

    /** Files that a restore would overwrite. */
    public static StoreException present(List<Path> paths) {
        return new StoreException(
                paths.stream().map(Path::toString).collect(joining(" and "))
                        + " exist: move them away, or set other paths; nothing was written");
    }

    /**
     * A file that is not damaged.
     *
     * @param why why it is of no use, and what to do
     */
    public static StoreException unusable(Path path, String why) {
        return new StoreException(path + " cannot be used: " + why + "; it was left unchanged");
    }

    public static StoreException broken(Path path, String where) {
        return new StoreException(
                path
                        + " is broken ("
                        + where
                        + "): restore it from a copy, or move it away; it was left unchanged");
    }
}

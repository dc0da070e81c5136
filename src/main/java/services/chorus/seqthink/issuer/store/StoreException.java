package services.chorus.seqthink.issuer.store;

import static java.util.stream.Collectors.joining;

import java.nio.file.Path;
import java.util.List;
import services.chorus.seqthink.files.FileOwnerException;

/**
 * A file of the token authority that cannot be used as it is. The message names the file and what
 * to do, and never repeats what the file holds.
 */
public final class StoreException extends RuntimeException {

    private StoreException(String message) {
        super(message);
    }

    public static StoreException unreadable(Path path) {
        return new StoreException(
                path + " cannot be read: let this service read it, or correct the path");
    }

    static StoreException unwritable(Path path) {
        return new StoreException(
                path
                        + " cannot be written: let this service write to its folder, which must exist");
    }

    static StoreException anothers(FileOwnerException why) {
        return new StoreException(why.getMessage());
    }

    public static StoreException gone(Path path) {
        return new StoreException(path + " is gone: restore it from a copy");
    }

    static StoreException pending(Path path, Path rest) {
        return new StoreException(
                path
                        + " is not in its place, since a restore was cut short: restore the same"
                        + " backup again, or remove what the restore left ("
                        + rest
                        + ")");
    }

    /** Files that are where others were to be put. */
    public static StoreException present(List<Path> paths) {
        return new StoreException(
                paths.stream().map(Path::toString).collect(joining(" and "))
                        + " exist: move away what is there, or name other places; nothing was"
                        + " written");
    }

    /**
     * A file that is whole.
     *
     * @param why it is of no use, and what to do
     */
    public static StoreException unusable(Path path, String why) {
        return new StoreException(path + " cannot be used: " + why + "; it was left as it is");
    }

    static StoreException broken(Path path, String where) {
        return new StoreException(
                path
                        + " is broken ("
                        + where
                        + "): restore it from a copy, or move it away; it was left as it is");
    }
}

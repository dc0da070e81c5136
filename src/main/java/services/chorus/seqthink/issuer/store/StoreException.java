package services.chorus.seqthink.issuer.store;

import java.nio.file.Path;

/**
 * A file of the token authority that cannot be used as it is. The message names the file and what
 * to do, and never repeats what the file holds.
 */
public final class StoreException extends RuntimeException {

    private StoreException(String message) {
        super(message);
    }

    static StoreException unreadable(Path path) {
        return new StoreException(
                path + " cannot be read: let this service read it, or correct the path");
    }

    static StoreException unwritable(Path path) {
        return new StoreException(
                path
                        + " cannot be written: let this service write to its folder, which must exist");
    }

    public static StoreException gone(Path path) {
        return new StoreException(path + " is gone: restore it from a copy");
    }

    static StoreException broken(Path path, String where) {
        return new StoreException(
                path
                        + " is broken ("
                        + where
                        + "): restore it from a copy, or move it away; it was left as it is");
    }
}

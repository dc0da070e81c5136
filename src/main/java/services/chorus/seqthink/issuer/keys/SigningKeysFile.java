package services.chorus.seqthink.issuer.keys;

import java.nio.file.Path;
import services.chorus.seqthink.issuer.store.StoreException;
import services.chorus.seqthink.issuer.store.StoreFile;

/** The file in which signing keys are kept, for what it holds. */
public final class SigningKeysFile {

    private SigningKeysFile() {}

    /** For what it holds once it is opened: private keys in the clear. */
    public static StoreFile<StoredKey.Document> opened(Path path, AtRest atRest) {
        return of(path, atRest)
                .as(
                        timeline -> document(timeline, AtRest.clear()),
                        clear -> timeline(clear, AtRest.clear(), stored(path)));
    }

    /**
     * Keys in the clear that came in a file, which was wiped of them.
     *
     * @throws StoreException when one of them is no key, or not the one its kid says
     */
    public static StoredKey.Document sound(StoredKey.Document clear, Path file) {
        return document(timeline(clear, AtRest.clear(), stored(file)), AtRest.clear());
    }

    /** For its keys in their order. */
    static StoreFile<Timeline> of(Path path, AtRest atRest) {
        var stored = stored(path);
        return stored.as(
                document -> timeline(document, atRest, stored),
                timeline -> document(timeline, atRest));
    }

    /** For what it says. */
    static StoreFile<StoredKey.Document> stored(Path path) {
        return new StoreFile<>(path, StoredKey.Document.class);
    }

    private static Timeline timeline(
            StoredKey.Document document, AtRest atRest, StoreFile<?> file) {
        if (document.keys().isEmpty()) {
            throw file.broken("there is no key in it");
        }
        if (document.hasStates()
                && document.keys().stream().filter(StoredKey::signs).count() != 1) {
            throw file.broken("exactly one key must be in state SIGNING");
        }
        try {
            return new Timeline(
                    document.keys().stream().map(stored -> atRest.open(stored, file)).toList());
        } finally {
            document.wipe();
        }
    }

    private static StoredKey.Document document(Timeline timeline, AtRest atRest) {
        return new StoredKey.Document(timeline.keys().stream().map(atRest::store).toList());
    }
}

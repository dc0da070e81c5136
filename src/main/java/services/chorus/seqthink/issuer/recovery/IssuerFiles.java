package services.chorus.seqthink.issuer.recovery;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import services.chorus.seqthink.files.FileLocks;
import services.chorus.seqthink.files.NewFiles;
import services.chorus.seqthink.issuer.clients.Client;
import services.chorus.seqthink.issuer.clients.Clients;
import services.chorus.seqthink.issuer.clients.LastUsed;
import services.chorus.seqthink.issuer.keys.KeyStorage;
import services.chorus.seqthink.issuer.keys.StoredKey;
import services.chorus.seqthink.issuer.revoked.RevokedTokens;
import services.chorus.seqthink.issuer.store.StoreException;
import services.chorus.seqthink.issuer.store.StoreFile;

/** All files that an issuer keeps its own in. */
public final class IssuerFiles {

    private final StoreFile<StoredKey.Document> keys;
    private final StoreFile<Client.Document> clients;
    private final StoreFile<LastUsed.Document> lastUsed;
    private final StoreFile<RevokedTokens.Document> revoked;

    /**
     * Files that need not be there.
     *
     * @param atRest how private keys stand in theirs
     * @throws IllegalArgumentException when two of them are one
     */
    public IssuerFiles(Path keys, KeyStorage atRest, Path clients, Path revoked) {
        this.keys = atRest.opened(keys);
        this.clients = Clients.file(clients);
        this.lastUsed = LastUsed.file(clients);
        this.revoked = RevokedTokens.file(revoked);
        if (Set.copyOf(paths()).size() < paths().size()) {
            throw new IllegalArgumentException(
                    "Two of the issuer's files have one name: " + paths());
        }
    }

    /**
     * What all of them hold at one moment; an issuer may be running.
     *
     * @param issuer the issuer's URL, where it is known
     * @throws StoreException when one cannot be used as it is
     * @throws IOException when there are no keys, or a file's lock cannot be had
     */
    public Backup backup(Optional<String> issuer, Instant now) throws IOException {
        // a lock beside a file that is not there would keep a service of another user from it
        List<Path> there = paths().stream().filter(Files::exists).toList();
        try (var _ = FileLocks.hold(there)) {
            return new Backup(
                    Backup.VERSION,
                    now,
                    issuer,
                    keys.read().orElseThrow(() -> new NoSuchFileException(keys.path().toString())),
                    clients.read().orElse(Client.Document.EMPTY),
                    lastUsed.read().orElse(LastUsed.Document.EMPTY),
                    revoked.read().orElse(RevokedTokens.Document.EMPTY));
        }
    }

    /**
     * Puts a backup in the place of files that are not there: of all of them or of none. An issuer
     * starts with none of what a crash leaves in the middle; the same call makes that whole.
     *
     * @throws StoreException when one is there, or a key in the backup is none; nothing was written
     * @throws IOException when one cannot be written
     */
    public void restore(Backup backup) throws IOException {
        SequencedMap<Path, byte[]> contents = new LinkedHashMap<>();
        contents.put(revoked.path(), revoked.content(backup.revoked()));
        contents.put(lastUsed.path(), lastUsed.content(backup.lastUsed()));
        contents.put(clients.path(), clients.content(backup.clients()));
        // an issuer that finds none begins anew: they come when all else is there
        contents.put(keys.path(), keys.content(backup.keys()));
        try {
            List<Path> there = NewFiles.create(contents);
            if (!there.isEmpty()) {
                throw StoreException.present(there);
            }
        } finally {
            contents.values().forEach(content -> Arrays.fill(content, (byte) 0));
        }
    }

    public List<Path> paths() {
        return List.of(keys.path(), clients.path(), lastUsed.path(), revoked.path());
    }
}

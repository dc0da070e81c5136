package services.chorus.seqthink.issuer.recovery;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import io.quarkus.runtime.annotations.RegisterForReflection;
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
import services.chorus.seqthink.age.AgeException;
import services.chorus.seqthink.age.AgeFile;
import services.chorus.seqthink.age.Encoding;
import services.chorus.seqthink.age.KeyIdentity;
import services.chorus.seqthink.age.KeyRecipient;
import services.chorus.seqthink.age.Opened;
import services.chorus.seqthink.files.AtomicFile.FileLocks;
import services.chorus.seqthink.files.NewFiles;
import services.chorus.seqthink.issuer.clients.Client;
import services.chorus.seqthink.issuer.clients.Clients;
import services.chorus.seqthink.issuer.clients.LastUsed;
import services.chorus.seqthink.issuer.keys.KeyStorage;
import services.chorus.seqthink.issuer.keys.StoredKey;
import services.chorus.seqthink.issuer.revoked.RevokedTokens;
import services.chorus.seqthink.issuer.store.StoreException;
import services.chorus.seqthink.issuer.store.StoreFile;
import services.chorus.seqthink.issuer.store.StoreJson;

/** All files of an issuer, to back them up and restore them together. */
public final class IssuerFiles {

    private final StoreFile<StoredKey.Document> keys;
    private final StoreFile<Client.Document> clients;
    private final StoreFile<LastUsed.Document> lastUsed;
    private final StoreFile<RevokedTokens.Document> revoked;

    /**
     * The files need not exist.
     *
     * @param atRest how private keys are stored in the key file
     * @throws IllegalArgumentException when two paths are the same
     */
    public IssuerFiles(Path keys, KeyStorage atRest, Path clients, Path revoked) {
        this.keys = atRest.opened(keys);
        this.clients = Clients.file(clients);
        this.lastUsed = LastUsed.file(clients);
        this.revoked = RevokedTokens.file(revoked);
        if (Set.copyOf(paths()).size() < paths().size()) {
            throw new IllegalArgumentException(
                    "Two of the issuer's files have the same path: " + paths());
        }
    }

    /**
     * Reads all of them at one moment; an issuer may be running.
     *
     * @param issuer the issuer's URL, if known
     * @throws StoreException when a file cannot be used
     * @throws IOException when there are no keys, or a file cannot be locked
     */
    public Backup backup(Optional<String> issuer, Instant now) throws IOException {
        // a lock file beside a missing file could lock out a service of another user
        List<Path> existing = paths().stream().filter(Files::exists).toList();
        try (var _ = FileLocks.hold(existing)) {
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
     * Creates the files from a backup: all of them or none. After a crash in the middle no issuer
     * starts on what is there; the same call again completes it.
     *
     * @throws StoreException when a file exists or a key in the backup is invalid; nothing was
     *     written
     * @throws IOException when a file cannot be written
     */
    public void restore(Backup backup) throws IOException {
        SequencedMap<Path, byte[]> contents = new LinkedHashMap<>();
        contents.put(revoked.path(), revoked.content(backup.revoked()));
        contents.put(lastUsed.path(), lastUsed.content(backup.lastUsed()));
        contents.put(clients.path(), clients.content(backup.clients()));
        // last, because an issuer that finds no keys creates new ones
        contents.put(keys.path(), keys.content(backup.keys()));
        try {
            List<Path> existing = NewFiles.create(contents);
            if (!existing.isEmpty()) {
                throw StoreException.present(existing);
            }
        } finally {
            contents.values().forEach(content -> Arrays.fill(content, (byte) 0));
        }
    }

    public List<Path> paths() {
        return List.of(keys.path(), clients.path(), lastUsed.path(), revoked.path());
    }

    /**
     * The content of all files at one moment, with private keys in the clear. Write it {@linkplain
     * #seal sealed} only.
     *
     * @param version of the backup format
     * @param issuer the issuer's URL, if it was known
     */
    @RegisterForReflection
    public record Backup(
            @JsonProperty(VERSION_MEMBER) int version,
            @JsonProperty("made_at") Instant madeAt,
            Optional<String> issuer,
            StoredKey.Document keys,
            Client.Document clients,
            @JsonProperty("last_used") LastUsed.Document lastUsed,
            RevokedTokens.Document revoked)
            implements AutoCloseable {

        static final int VERSION = 1;
        private static final String VERSION_MEMBER = "seqthink-issuer-backup";

        /** The member that every version of the format has. */
        @RegisterForReflection
        @JsonIgnoreProperties(ignoreUnknown = true)
        record Header(@JsonProperty(VERSION_MEMBER) Optional<Integer> version) {}

        /**
         * Encodes and seals the backup.
         *
         * @param recipients of identities that are kept apart from the issuer's files
         * @throws AgeException when these recipients cannot be combined
         */
        public byte[] seal(List<KeyRecipient> recipients, Encoding encoding) throws AgeException {
            byte[] json = StoreJson.write(this);
            try {
                return AgeFile.seal(json, recipients, encoding);
            } finally {
                Arrays.fill(json, (byte) 0);
            }
        }

        /**
         * Opens a sealed backup. This does not prove who made it: anyone who knows the recipient
         * can seal to it.
         *
         * @throws StoreException when it is no backup, or these identities do not open it
         * @throws IOException when it cannot be read
         */
        public static Backup open(Path path, List<KeyIdentity> identities) throws IOException {
            byte[] sealed = Files.readAllBytes(path);
            return switch (AgeFile.open(sealed, identities, sealed.length)) {
                case Opened.Plaintext(byte[] json, var _) -> parse(json, path);
                case Opened.NoIdentityMatched() ->
                        throw StoreException.unusable(
                                path,
                                "none of the given identities opens it: give the one whose"
                                        + " recipient the backup was sealed to");
                case Opened.Malformed(var _), Opened.TooLarge(var _) ->
                        throw StoreException.unusable(
                                path, "it is not an age file, or was changed: use another backup");
            };
        }

        private static Backup parse(byte[] json, Path path) {
            try {
                int version =
                        StoreJson.read(json, Header.class)
                                .version()
                                .orElseThrow(() -> noBackup(path));
                if (version != VERSION) {
                    throw StoreException.unusable(
                            path,
                            "its format is version %d, and this program reads version %d: use the"
                                            .formatted(version, VERSION)
                                    + " program that made it");
                }
                return StoreJson.read(json, Backup.class).withValidatedKeys(path);
            } catch (JsonProcessingException e) {
                // its message can repeat what the backup holds
                throw noBackup(path);
            } finally {
                Arrays.fill(json, (byte) 0);
            }
        }

        private Backup withValidatedKeys(Path path) {
            return new Backup(
                    version,
                    madeAt,
                    issuer,
                    KeyStorage.validated(keys, path),
                    clients,
                    lastUsed,
                    revoked);
        }

        @Override
        public void close() {
            keys.wipe();
        }

        @Override
        public String toString() {
            return "Backup[madeAt=" + madeAt + "]";
        }

        private static StoreException noBackup(Path path) {
            return StoreException.unusable(
                    path,
                    "it is not a backup of an issuer: give a file that was made by issuer backup");
        }
    }
}

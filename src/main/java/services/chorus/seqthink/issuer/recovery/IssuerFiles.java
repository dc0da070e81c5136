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

    /**
     * All that an issuer keeps, as it was at one moment, its private keys in the clear. Never to be
     * written but {@linkplain #seal sealed}. Its text says nothing of what is in it.
     *
     * @param version of this form
     * @param issuer the issuer's URL, where it was known
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

        /** What every version of the form has. */
        @RegisterForReflection
        @JsonIgnoreProperties(ignoreUnknown = true)
        record Form(@JsonProperty(VERSION_MEMBER) Optional<Integer> version) {}

        /**
         * Seals it with all that is in it.
         *
         * @param recipients whose identities are kept where the issuer's files are not
         * @throws AgeException when one cannot seal to these together
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
         * Opens a sealed backup. That it opens says nothing about who made it: whoever knows the
         * recipient can seal to it.
         *
         * @throws StoreException when it is no backup, or none that these open
         * @throws IOException when it cannot be read
         */
        public static Backup open(Path path, List<KeyIdentity> identities) throws IOException {
            byte[] sealed = Files.readAllBytes(path);
            return switch (AgeFile.open(sealed, identities, sealed.length)) {
                case Opened.Plaintext(byte[] json, var _) -> parse(json, path);
                case Opened.NoIdentityMatched() ->
                        throw StoreException.unusable(
                                path,
                                "it is sealed to others than these identities: give the one whose"
                                        + " recipient the backup was made to");
                case Opened.Malformed(var _), Opened.TooLarge(var _) ->
                        throw StoreException.unusable(
                                path, "it is no age file, or was changed: take another backup");
            };
        }

        private static Backup parse(byte[] json, Path path) {
            try {
                Optional<Integer> version = StoreJson.read(json, Form.class).version();
                if (version.filter(known -> known != VERSION).isPresent()) {
                    throw StoreException.unusable(
                            path,
                            "it is of form %d, and this program reads %d: take the program that made it"
                                    .formatted(version.get(), VERSION));
                }
                if (version.isEmpty()) {
                    throw noBackup(path);
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
                    path, "it is no backup of an issuer: give a file that issuer backup made");
        }
    }
}

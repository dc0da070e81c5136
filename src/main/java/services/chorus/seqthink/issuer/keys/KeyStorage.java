package services.chorus.seqthink.issuer.keys;

import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import services.chorus.seqthink.age.AgeException;
import services.chorus.seqthink.age.AgeFile;
import services.chorus.seqthink.age.Encoding;
import services.chorus.seqthink.age.KeyFile;
import services.chorus.seqthink.age.KeyIdentity;
import services.chorus.seqthink.age.KeyRecipient;
import services.chorus.seqthink.age.Opened;
import services.chorus.seqthink.files.FileSnapshot;
import services.chorus.seqthink.issuer.store.StoreException;
import services.chorus.seqthink.issuer.store.StoreFile;

/**
 * How private keys are stored in their file: in the clear, or sealed to an age identity of the
 * issuer. Sealing protects them from readers of the file only: a process that can write the file
 * can add keys of its own. Safe for use by several threads.
 */
public final class KeyStorage {

    /** PKCS #8 of RSA 2048 takes 1,220 bytes. */
    private static final int MOST_BYTES = 16 * 1024;

    private final List<KeyIdentity> identities;

    private KeyStorage(List<KeyIdentity> identities) {
        this.identities = identities;
    }

    /** Stores private keys in the clear. */
    public static KeyStorage clear() {
        return new KeyStorage(List.of());
    }

    /**
     * Seals private keys to the first identity, and opens them with any.
     *
     * @param identities a file in the format of {@code age-keygen}
     * @throws AgeException when it contains anything else
     * @throws IOException when it cannot be read
     */
    public static KeyStorage sealedTo(Path identities) throws IOException {
        try (FileSnapshot file = FileSnapshot.of(identities)) {
            return new KeyStorage(KeyFile.identities(file.content(identities)));
        }
    }

    /** The key file with its keys in their order. */
    StoreFile<KeySchedule> file(Path path) {
        return stored(path).as(document -> schedule(document, path), this::document);
    }

    /** The key file as it is stored. */
    static StoreFile<StoredKey.Document> stored(Path path) {
        return new StoreFile<>(path, StoredKey.Document.class);
    }

    /** The key file with its private keys in the clear. */
    public StoreFile<StoredKey.Document> opened(Path path) {
        return file(path).as(clear()::document, keys -> clear().schedule(keys, path));
    }

    /**
     * Validates private keys in the clear, which are wiped; returns copies.
     *
     * @param file where they were read, for the exception
     * @throws StoreException when one of them is invalid, or does not match its kid
     */
    public static StoredKey.Document validated(StoredKey.Document keys, Path file) {
        return clear().document(clear().schedule(keys, file));
    }

    private KeySchedule schedule(StoredKey.Document document, Path file) {
        if (document.keys().isEmpty()) {
            throw StoreException.broken(file, "it contains no key");
        }
        if (document.hasStates()
                && document.keys().stream().filter(StoredKey::signs).count() != 1) {
            throw StoreException.broken(file, "exactly one key must be in state SIGNING");
        }
        try {
            return new KeySchedule(
                    document.keys().stream().map(stored -> open(stored, file)).toList());
        } finally {
            document.wipe();
        }
    }

    private StoredKey.Document document(KeySchedule schedule) {
        return new StoredKey.Document(schedule.keys().stream().map(this::store).toList());
    }

    /** Whether one of the identities opens what is sealed to this recipient. */
    public boolean isSealedTo(KeyRecipient recipient) {
        return identities.stream().map(KeyIdentity::recipient).anyMatch(recipient::equals);
    }

    /**
     * Whether a key needs no rewriting: nothing is sealed, or it is sealed to the first identity.
     */
    boolean isStoredAsConfigured(StoredKey key) {
        return identities.isEmpty()
                || key.ageFile().filter(file -> opens(identities.getFirst(), file)).isPresent();
    }

    private StoredKey store(SigningKey key) {
        byte[] pkcs8 = key.pair().getPrivate().getEncoded();
        Optional<byte[]> ageFile = ageFile(pkcs8);
        return new StoredKey(
                key.kid(),
                Optional.of(key.algorithm().jwsName()),
                key.createdAt(),
                Optional.of(key.publishedAt()),
                Optional.of(key.signsFrom()),
                Optional.of(key.lead()),
                Optional.of(key.grace()),
                Optional.empty(),
                ageFile.isPresent() ? Optional.empty() : Optional.of(pkcs8),
                ageFile);
    }

    /** Decodes a stored key, whose bytes are wiped. */
    private SigningKey open(StoredKey stored, Path file) {
        byte[] pkcs8 = stored.pkcs8().orElseGet(() -> opened(stored, file));
        try {
            KeyAlgorithm algorithm = stored.algorithm().orElseThrow(() -> noKey(file));
            KeyPair pair = algorithm.pair(pkcs8).orElseThrow(() -> noKey(file));
            if (!SigningKey.kid(pair).equals(stored.kid())) {
                throw noKey(file);
            }
            return new SigningKey(
                    stored.kid(),
                    algorithm,
                    stored.createdAt(),
                    stored.publishedAt().orElse(stored.createdAt()),
                    stored.begins(),
                    stored.lead().orElse(Duration.ZERO),
                    stored.grace().orElse(Duration.ZERO),
                    pair);
        } finally {
            Arrays.fill(pkcs8, (byte) 0);
        }
    }

    private static StoreException noKey(Path file) {
        return StoreException.broken(file, "a private key does not match its algorithm or its kid");
    }

    private Optional<byte[]> ageFile(byte[] pkcs8) {
        if (identities.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    AgeFile.seal(
                            pkcs8, List.of(identities.getFirst().recipient()), Encoding.BINARY));
        } catch (AgeException e) {
            throw new IllegalStateException("A key cannot be sealed to one recipient", e);
        } finally {
            Arrays.fill(pkcs8, (byte) 0);
        }
    }

    private byte[] opened(StoredKey stored, Path file) {
        if (identities.isEmpty()) {
            throw StoreException.unusable(
                    file,
                    "its private keys are sealed, but ISSUER_IDENTITY_PATH is not set: set it to"
                            + " the identities file that opens them");
        }
        return switch (AgeFile.open(stored.ageFile().orElseThrow(), identities, MOST_BYTES)) {
            case Opened.Plaintext(byte[] pkcs8, var _) -> pkcs8;
            case Opened.NoIdentityMatched() ->
                    throw StoreException.unusable(
                            file,
                            "no identity in ISSUER_IDENTITY_PATH opens its private keys: add the"
                                    + " one that they were sealed to");
            case Opened.Malformed(var _), Opened.TooLarge(var _) ->
                    throw StoreException.broken(
                            file, "a sealed private key is not an age file, or was changed");
        };
    }

    private static boolean opens(KeyIdentity identity, byte[] file) {
        if (AgeFile.open(file, List.of(identity), MOST_BYTES)
                instanceof Opened.Plaintext(byte[] pkcs8, var _)) {
            Arrays.fill(pkcs8, (byte) 0);
            return true;
        }
        return false;
    }
}

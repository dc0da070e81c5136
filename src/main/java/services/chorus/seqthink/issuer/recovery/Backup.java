package services.chorus.seqthink.issuer.recovery;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import services.chorus.seqthink.age.AgeException;
import services.chorus.seqthink.age.AgeFile;
import services.chorus.seqthink.age.Encoding;
import services.chorus.seqthink.age.KeyIdentity;
import services.chorus.seqthink.age.KeyRecipient;
import services.chorus.seqthink.age.Opened;
import services.chorus.seqthink.issuer.clients.Client;
import services.chorus.seqthink.issuer.clients.LastUsed;
import services.chorus.seqthink.issuer.keys.KeyStorage;
import services.chorus.seqthink.issuer.keys.StoredKey;
import services.chorus.seqthink.issuer.revoked.RevokedTokens;
import services.chorus.seqthink.issuer.store.StoreException;
import services.chorus.seqthink.issuer.store.StoreJson;

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

    public Backup {
        requireNonNull(madeAt, "madeAt is null");
        requireNonNull(keys, "keys is null");
        requireNonNull(clients, "clients is null");
        requireNonNull(lastUsed, "lastUsed is null");
        requireNonNull(revoked, "revoked is null");
    }

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
            Optional<Integer> version = StoreJson.read(json, Form.class).flatMap(Form::version);
            if (version.filter(known -> known != VERSION).isPresent()) {
                throw StoreException.unusable(
                        path,
                        "it is of form %d, and this program reads %d: take the program that made it"
                                .formatted(version.get(), VERSION));
            }
            if (version.isEmpty()) {
                throw noBackup(path);
            }
            return StoreJson.read(json, Backup.class)
                    .orElseThrow(() -> noBackup(path))
                    .withSoundKeys(path);
        } catch (JsonProcessingException e) {
            // its message can repeat what the backup holds
            throw noBackup(path);
        } finally {
            Arrays.fill(json, (byte) 0);
        }
    }

    private Backup withSoundKeys(Path path) {
        return new Backup(
                version, madeAt, issuer, KeyStorage.sound(keys, path), clients, lastUsed, revoked);
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

package services.chorus.seqthink.sealing;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import services.chorus.seqthink.age.AgeException;
import services.chorus.seqthink.age.AgeFile;
import services.chorus.seqthink.age.Encoding;
import services.chorus.seqthink.age.Identity;
import services.chorus.seqthink.age.KeyFile;
import services.chorus.seqthink.age.KeyIdentity;
import services.chorus.seqthink.age.KeyRecipient;
import services.chorus.seqthink.files.FileFault.FaultyFileException;
import services.chorus.seqthink.files.FileSnapshot;
import services.chorus.seqthink.protocol.Envelope;

/**
 * A snapshot of the keys; as {@link Keys}, a set that never changes.
 *
 * @param version of the current recipient; a new one has a higher version
 * @param created when the current identity was generated, if known
 * @param identities open requests; at least one, the first is current
 * @param bareRecipients open replies to bare requests; empty when those are rejected
 */
public record Keyring(
        long version,
        Optional<Instant> created,
        List<KeyIdentity> identities,
        List<KeyRecipient> bareRecipients)
        implements Keys {

    public Keyring {
        identities = List.copyOf(identities);
        bareRecipients = List.copyOf(bareRecipients);
        if (identities.isEmpty()) {
            throw new IllegalArgumentException("A keyring needs an identity");
        }
    }

    public KeyIdentity currentIdentity() {
        return identities.getFirst();
    }

    @Override
    public Keyring current() {
        return this;
    }

    @Override
    public void opened(Identity by) {
        // only a live keyring records when a key was used
    }

    /** The same target for all senders of bare requests: the holders of the recipients' keys. */
    ReplyTarget bareReplyTarget() {
        String name = bareRecipients.stream().map(KeyRecipient::toString).collect(joining(","));
        return new ReplyTarget(bareRecipients, name, Envelope.DEFAULT_SESSION, Optional.empty());
    }

    /** Whether an identity can also open replies to bare requests. */
    boolean opensItsOwnReplies() {
        return identities.stream().map(KeyIdentity::recipient).anyMatch(bareRecipients::contains);
    }

    /**
     * Reads the key files.
     *
     * @param identities an {@link IdentitiesFile}
     * @param recipients of replies to bare requests
     * @return identities for the caller to close
     * @throws FaultyFileException names the variable and the line of the fault, without its content
     */
    static Keyring read(Path identities, Optional<Path> recipients) throws FaultyFileException {
        try (FileSnapshot files = FileSnapshot.of(files(identities, recipients))) {
            return read(files, identities, recipients);
        }
    }

    static Keyring read(FileSnapshot files, Path identities, Optional<Path> recipients)
            throws FaultyFileException {
        List<KeyRecipient> bare = List.of();
        if (recipients.isPresent()) {
            try {
                bare = readRecipients(files.content(recipients.get()));
            } catch (IOException e) {
                throw new FaultyFileException(SealingCheck.broken(SealingConfig.RECIPIENTS, e));
            }
        }
        try {
            IdentitiesFile file = IdentitiesFile.read(files.content(identities));
            return new Keyring(file.version(), file.current().created(), file.identities(), bare);
        } catch (IOException e) {
            throw new FaultyFileException(SealingCheck.broken(SealingConfig.IDENTITIES, e));
        }
    }

    static List<Path> files(Path identities, Optional<Path> recipients) {
        return Stream.concat(Stream.of(identities), recipients.stream()).toList();
    }

    static List<KeyRecipient> readRecipients(byte[] content) throws AgeException {
        List<KeyRecipient> recipients = KeyFile.recipients(content);
        // otherwise too many or mixed recipients would fail only with the first reply
        AgeFile.seal(new byte[0], recipients, Encoding.BINARY);
        return recipients;
    }
}

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
 * The keys of one moment; by itself, keys that never change.
 *
 * @param version of the current recipient: a new one has a higher one
 * @param created when the current identity was made, where that is known
 * @param identities what opens requests; the first is current, at least one
 * @param bareRecipients whom bare requests are answered to; empty where none are taken
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

    /** The identity that callers are to seal to. */
    public KeyIdentity currentIdentity() {
        return identities.getFirst();
    }

    @Override
    public Keyring current() {
        return this;
    }

    @Override
    public void opened(Identity by) {
        // of no interest for keys that never change
    }

    /** Whoever holds a key of the recipients file; all senders of bare requests are one to it. */
    ReplyTarget bareReplyTarget() {
        String name = bareRecipients.stream().map(KeyRecipient::toString).collect(joining(","));
        return new ReplyTarget(bareRecipients, name, Envelope.DEFAULT_SESSION, Optional.empty());
    }

    /** Whether one key opens both requests and replies to bare requests. */
    boolean opensItsOwnReplies() {
        return identities.stream().map(KeyIdentity::recipient).anyMatch(bareRecipients::contains);
    }

    /**
     * Reads the files of keys.
     *
     * @param identities an {@link IdentitiesFile}
     * @param recipients whom bare requests are answered to
     * @return for the caller to close its identities
     * @throws FaultyFileException when a file cannot be used; the message names its variable and
     *     line and never its content
     */
    static Keyring read(Path identities, Optional<Path> recipients) throws FaultyFileException {
        try (FileSnapshot files = FileSnapshot.of(files(identities, recipients))) {
            return read(files, identities, recipients);
        }
    }

    /** The same, as the files were at one moment. */
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

    /** All files that keys are read from. */
    static List<Path> files(Path identities, Optional<Path> recipients) {
        return Stream.concat(Stream.of(identities), recipients.stream()).toList();
    }

    /** Reads a recipients file, which all bare replies are sealed to. */
    static List<KeyRecipient> readRecipients(byte[] content) throws AgeException {
        List<KeyRecipient> recipients = KeyFile.recipients(content);
        // too many or a mixed lot would otherwise show with the first reply only
        AgeFile.seal(new byte[0], recipients, Encoding.BINARY);
        return recipients;
    }
}

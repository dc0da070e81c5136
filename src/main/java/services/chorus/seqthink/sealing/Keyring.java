package services.chorus.seqthink.sealing;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import services.chorus.seqthink.age.AgeFile;
import services.chorus.seqthink.age.Encoding;
import services.chorus.seqthink.age.KeyFile;
import services.chorus.seqthink.age.KeyIdentity;
import services.chorus.seqthink.age.KeyRecipient;

/**
 * The keys on disk.
 *
 * @param identities what opens requests; the first is current, at least one
 * @param bareRecipients whom bare requests are answered to; empty where none are taken
 */
public record Keyring(List<KeyIdentity> identities, List<KeyRecipient> bareRecipients) {

    public Keyring {
        identities = List.copyOf(identities);
        bareRecipients = List.copyOf(bareRecipients);
        if (identities.isEmpty()) {
            throw new IllegalArgumentException("A keyring needs an identity");
        }
    }

    /**
     * Reads both files.
     *
     * @throws IOException when a file cannot be read or is not what it should be; the message names
     *     the line and never its content
     */
    public static Keyring load(Path identities, Optional<Path> recipients) throws IOException {
        return new Keyring(
                readIdentities(identities),
                recipients.isPresent() ? readRecipients(recipients.get()) : List.of());
    }

    static List<KeyIdentity> readIdentities(Path file) throws IOException {
        byte[] content = Files.readAllBytes(file);
        try {
            return KeyFile.identities(content);
        } finally {
            Arrays.fill(content, (byte) 0);
        }
    }

    static List<KeyRecipient> readRecipients(Path file) throws IOException {
        List<KeyRecipient> recipients = KeyFile.recipients(Files.readAllBytes(file));
        // too many or a mixed lot would otherwise show with the first reply only
        AgeFile.seal(new byte[0], recipients, Encoding.BINARY);
        return recipients;
    }

    /** Whoever holds a key of the recipients file; all senders of bare requests are one to it. */
    Correspondent bareCorrespondent() {
        String name = bareRecipients.stream().map(KeyRecipient::toString).collect(joining(","));
        return new Correspondent(
                List.copyOf(bareRecipients), name, Correspondent.DEFAULT_SESSION, Optional.empty());
    }
}

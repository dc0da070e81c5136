package services.chorus.seqthink.sealing;

import static java.util.stream.Collectors.joining;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import services.chorus.seqthink.age.AgeException;
import services.chorus.seqthink.age.AgeFile;
import services.chorus.seqthink.age.Encoding;
import services.chorus.seqthink.age.Identity;
import services.chorus.seqthink.age.KeyFile;
import services.chorus.seqthink.age.KeyIdentity;
import services.chorus.seqthink.age.KeyRecipient;
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
        return new ReplyTarget(
                List.copyOf(bareRecipients), name, Envelope.DEFAULT_SESSION, Optional.empty());
    }

    /** Whether one key opens both replies to bare requests and requests. */
    boolean opensItsOwnReplies() {
        return identities.stream()
                .map(identity -> identity.recipient().fingerprint())
                .anyMatch(
                        own ->
                                bareRecipients.stream()
                                        .map(KeyRecipient::fingerprint)
                                        .anyMatch(own::equals));
    }

    /** Reads a recipients file, which all bare replies are sealed to. */
    static List<KeyRecipient> readRecipients(byte[] content) throws AgeException {
        List<KeyRecipient> recipients = KeyFile.recipients(content);
        // too many or a mixed lot would otherwise show with the first reply only
        AgeFile.seal(new byte[0], recipients, Encoding.BINARY);
        return recipients;
    }
}

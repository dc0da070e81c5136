package services.chorus.seqthink.age;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import services.chorus.seqthink.age.X25519Recipient.X25519Key;

/**
 * Invariants for arbitrary content of a key file: it is rejected, or each key is written as it was
 * read and can be sealed to.
 */
public final class KeyFuzz {

    private KeyFuzz() {}

    private interface Reading<K> {
        K read() throws AgeException;
    }

    public static void fuzzerTestOneInput(byte[] content) throws AgeException {
        String text = new String(content, ISO_8859_1);
        for (KeyIdentity identity : read(() -> KeyFile.identities(content)).orElse(List.of())) {
            assertThat(text).contains(new String(identity.encode(), ISO_8859_1));
            identity.close();
        }
        for (KeyRecipient recipient : read(() -> KeyFile.recipients(content)).orElse(List.of())) {
            assertThat(text).contains(recipient.toString());
        }
        sealTo(X25519Recipient.HUMAN_PART, Arrays.copyOf(content, X25519Key.SIZE));
        sealTo(HybridRecipient.HUMAN_PART, Arrays.copyOf(content, HybridRecipient.PUBLIC_SIZE));
    }

    /** With a valid checksum, which a fuzzer rarely finds. */
    private static void sealTo(String humanPart, byte[] key) throws AgeException {
        String text = new String(Bech32.encode(humanPart, key), ISO_8859_1);
        Optional<KeyRecipient> recipient = read(() -> KeyRecipient.parse(text));
        if (recipient.isPresent()) {
            assertThat(recipient.get()).hasToString(text);
            AgeFile.seal(key, List.of(recipient.get()), Encoding.BINARY);
        }
    }

    private static <K> Optional<K> read(Reading<K> reading) {
        try {
            return Optional.of(reading.read());
        } catch (AgeException e) {
            assertThat(e.kind()).isEqualTo(AgeException.Kind.KEY);
            return Optional.empty();
        }
    }
}

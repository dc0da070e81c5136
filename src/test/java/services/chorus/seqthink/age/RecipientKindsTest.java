package services.chorus.seqthink.age;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Which recipients can be in one file, and the recipient types other than X25519. */
class RecipientKindsTest {

    private static final int FAST = 4;
    private static final int ENOUGH = 1000;

    private final KeyIdentity classical = X25519Identity.generate();
    private final KeyIdentity postQuantum = HybridIdentity.generate();

    @Test
    void rejectsToSealToBothKindsTogether() {
        assertThatThrownBy(() -> seal(classical.recipient(), postQuantum.recipient()))
                .isInstanceOf(AgeException.class)
                .hasMessageContaining("Post-quantum");
    }

    @Test
    void opensAMixedFile() throws AgeException {
        FileKey fileKey = FileKey.generate(new SecureRandom());
        byte[] nonce = new byte[FileKey.NONCE_SIZE];
        List<Stanza> stanzas = new ArrayList<>();
        for (KeyIdentity identity : List.of(classical, postQuantum)) {
            stanzas.add(identity.recipient().wrap(fileKey, new SecureRandom()));
        }
        byte[] header = Header.encode(stanzas, fileKey);
        int payloadStart = header.length + nonce.length;
        byte[] sealed = Arrays.copyOf(header, payloadStart + (int) Payload.sealedLength(3));
        new Payload(fileKey.payloadCipher(nonce)).seal(new byte[3], sealed, payloadStart);

        assertThat(AgeFile.open(sealed, List.of(classical), ENOUGH))
                .isInstanceOf(Opened.Plaintext.class);
        assertThat(AgeFile.open(sealed, List.of(postQuantum), ENOUGH))
                .isInstanceOf(Opened.Plaintext.class);
    }

    @Test
    void sealsToAPassphraseAlone() throws AgeException {
        ScryptRecipient passphrase = recipient("correct horse");

        assertThat(AgeFile.open(seal(passphrase), List.of(identity("correct horse")), ENOUGH))
                .isInstanceOf(Opened.Plaintext.class);
        assertThat(AgeFile.open(seal(passphrase), List.of(identity("battery")), ENOUGH))
                .isEqualTo(new Opened.NoIdentityMatched());
        assertThatThrownBy(() -> seal(passphrase, passphrase))
                .isInstanceOf(AgeException.class)
                .hasMessageContaining("alone");
        assertThatThrownBy(() -> seal(passphrase, classical.recipient()))
                .isInstanceOf(AgeException.class)
                .hasMessageContaining("alone");
    }

    @Test
    void limitsTheScryptWorkFactor() throws AgeException {
        byte[] sealed = seal(recipient("correct horse"));

        assertThat(
                        AgeFile.open(
                                sealed,
                                List.of(new ScryptIdentity(bytes("correct horse"), FAST - 1)),
                                ENOUGH))
                .isEqualTo(
                        new Opened.Malformed(
                                "The passphrase wants a work factor of 4, more than 3"));
        assertThatThrownBy(() -> new ScryptIdentity(bytes("x"), 23))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void ignoresAPassphraseStanzaWithKeysOnly() throws AgeException {
        byte[] sealed = seal(recipient("correct horse"));

        assertThat(AgeFile.open(sealed, List.of(classical, postQuantum), ENOUGH))
                .isEqualTo(new Opened.NoIdentityMatched());
    }

    @Test
    void forgetsAPassphraseWhenClosed() throws AgeException {
        ScryptRecipient recipient = recipient("correct horse");
        ScryptIdentity identity = identity("correct horse");
        byte[] sealed = seal(recipient);
        recipient.close();
        identity.close();

        assertThat(AgeFile.open(sealed, List.of(identity), ENOUGH))
                .isEqualTo(new Opened.NoIdentityMatched());
        assertThatThrownBy(() -> seal(recipient)).isInstanceOf(AgeException.class);
        assertThat(identity.toString()).doesNotContain("horse");
    }

    @Test
    void sealsAndOpensFromSeveralThreads() throws Exception {
        List<Future<Opened>> openings = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (int i = 0; i < 200; i++) {
                KeyIdentity identity = i % 2 == 0 ? classical : postQuantum;
                openings.add(
                        threads.submit(
                                () ->
                                        AgeFile.open(
                                                seal(identity.recipient()),
                                                List.of(classical, postQuantum),
                                                ENOUGH)));
            }
        }
        for (Future<Opened> opening : openings) {
            assertThat(opening.get()).isInstanceOf(Opened.Plaintext.class);
        }
    }

    private static byte[] seal(Recipient... recipients) throws AgeException {
        return AgeFile.seal(bytes("a thought"), List.of(recipients), Encoding.BINARY);
    }

    private static ScryptRecipient recipient(String passphrase) {
        return new ScryptRecipient(bytes(passphrase), FAST);
    }

    private static ScryptIdentity identity(String passphrase) {
        return new ScryptIdentity(bytes(passphrase));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}

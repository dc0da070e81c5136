package services.chorus.seqthink.age;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.age.X25519Recipient.X25519Key;

class AgeFileTest {

    private static final int ENOUGH = 1 << 20;

    private final X25519Identity alice = X25519Identity.generate();
    private final X25519Identity bob = X25519Identity.generate();

    @ParameterizedTest
    @EnumSource(Encoding.class)
    void opensWhatItSealed(Encoding encoding) throws AgeException {
        byte[] sealed = AgeFile.seal(bytes("a thought"), List.of(alice.recipient()), encoding);

        assertThat(Armor.isArmored(sealed)).isEqualTo(encoding == Encoding.ARMORED);
        assertThat(plaintext(AgeFile.open(sealed, List.of(alice), ENOUGH)))
                .isEqualTo(bytes("a thought"));
    }

    @Test
    void namesTheIdentityThatOpened() throws AgeException {
        byte[] sealed = seal("a thought", alice.recipient(), bob.recipient());

        assertThat(AgeFile.open(sealed, List.of(bob, alice), ENOUGH))
                .isInstanceOfSatisfying(
                        Opened.Plaintext.class,
                        opened -> assertThat(opened.openedBy()).isSameAs(bob));
        assertThat(AgeFile.open(sealed, List.of(X25519Identity.generate(), alice), ENOUGH))
                .isInstanceOfSatisfying(
                        Opened.Plaintext.class,
                        opened -> assertThat(opened.openedBy()).isSameAs(alice));
    }

    @Test
    void reportsThatNoIdentityMatched() throws AgeException {
        byte[] sealed = seal("a thought", alice.recipient());

        assertThat(AgeFile.open(sealed, List.of(bob), ENOUGH))
                .isEqualTo(new Opened.NoIdentityMatched());
        assertThat(AgeFile.open(sealed, List.of(), ENOUGH))
                .isEqualTo(new Opened.NoIdentityMatched());
    }

    @Test
    void opensNothingWithAClosedIdentity() throws AgeException {
        byte[] sealed = seal("a thought", alice.recipient());
        alice.close();

        assertThat(AgeFile.open(sealed, List.of(alice), ENOUGH))
                .isEqualTo(new Opened.NoIdentityMatched());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65535, 65536, 65537, 131072})
    void rejectsOnlyAPlaintextOverTheLimit(int size) throws AgeException {
        byte[] sealed = AgeFile.seal(new byte[size], List.of(alice.recipient()), Encoding.BINARY);

        assertThat(plaintext(AgeFile.open(sealed, List.of(alice), size))).hasSize(size);
        assertThat(AgeFile.open(sealed, List.of(alice), size - 1))
                .isEqualTo(new Opened.TooLarge(size - 1));
    }

    @Test
    void rejectsSealingWithoutRecipients() {
        assertThatThrownBy(() -> AgeFile.seal(bytes("x"), List.of(), Encoding.BINARY))
                .isInstanceOf(AgeException.class)
                .hasMessageContaining("give at least one");
    }

    @Test
    void sealsToTwentyRecipientsAndNoMore() throws AgeException {
        List<KeyRecipient> twenty = Collections.nCopies(20, alice.recipient());
        byte[] sealed = AgeFile.seal(bytes("x"), twenty, Encoding.BINARY);

        assertThat(plaintext(AgeFile.open(sealed, List.of(alice), ENOUGH))).hasSize(1);
        assertThatThrownBy(
                        () ->
                                AgeFile.seal(
                                        bytes("x"),
                                        Collections.nCopies(21, alice.recipient()),
                                        Encoding.BINARY))
                .isInstanceOf(AgeException.class)
                .hasMessageContaining("too many");
    }

    @Test
    void rejectsSealingToALowOrderPoint() {
        byte[] point = new byte[X25519Key.SIZE];
        point[0] = 1;

        assertThatThrownBy(() -> seal("x", new X25519Recipient(point)))
                .isInstanceOf(AgeException.class)
                .hasMessageContaining("gives no secrecy");
    }

    @Test
    void doesNotModifyTheArraysOfItsCaller() throws AgeException {
        byte[] plaintext = bytes("a thought");
        byte[] sealed = AgeFile.seal(plaintext, List.of(alice.recipient()), Encoding.BINARY);
        byte[] before = sealed.clone();
        AgeFile.open(sealed, List.of(alice), ENOUGH);

        assertThat(plaintext).isEqualTo(bytes("a thought"));
        assertThat(sealed).isEqualTo(before);
    }

    @Test
    void toStringHidesThePlaintext() throws AgeException {
        Opened opened = AgeFile.open(seal("hush", alice.recipient()), List.of(alice), ENOUGH);

        assertThat(opened.toString()).contains("hidden").doesNotContain("hush");
    }

    @Test
    void sealsTheSamePlaintextDifferentlyEachTime() throws AgeException {
        byte[] one = seal("a thought", alice.recipient());
        byte[] other = seal("a thought", alice.recipient());

        assertThat(one).isNotEqualTo(other);
        assertThat(Arrays.copyOf(one, 22)).isEqualTo(bytes("age-encryption.org/v1\n"));
    }

    private static byte[] seal(String text, Recipient... recipients) throws AgeException {
        return AgeFile.seal(bytes(text), List.of(recipients), Encoding.BINARY);
    }

    private static byte[] plaintext(Opened opened) {
        assertThat(opened).isInstanceOf(Opened.Plaintext.class);
        return ((Opened.Plaintext) opened).bytes();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(US_ASCII);
    }
}

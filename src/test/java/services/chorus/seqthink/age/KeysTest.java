package services.chorus.seqthink.age;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeysTest {

    /** The example of the age specification, "The X25519 recipient type". */
    private static final String SECRET =
            "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX";

    private static final String RECIPIENT =
            "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj";

    static List<KeyIdentity> bothKinds() {
        return List.of(X25519Identity.generate(), HybridIdentity.generate());
    }

    @Test
    void derivesTheSpecificationsRecipientFromItsIdentity() throws AgeException {
        KeyIdentity identity = KeyIdentity.parse(SECRET);

        assertThat(identity.recipient()).hasToString(RECIPIENT);
        assertThat(identity.recipient()).isEqualTo(KeyRecipient.parse(RECIPIENT));
        assertThat(identity.encode()).isEqualTo(SECRET.getBytes(US_ASCII));
    }

    @ParameterizedTest
    @MethodSource("bothKinds")
    void readsBackWhatItWrites(KeyIdentity identity) throws AgeException {
        KeyIdentity read = KeyIdentity.parse(new String(identity.encode(), US_ASCII));
        KeyRecipient recipient = KeyRecipient.parse(identity.recipient().toString());

        assertThat(read).hasSameClassAs(identity);
        assertThat(read.recipient()).isEqualTo(identity.recipient()).isEqualTo(recipient);
        byte[] sealed = AgeFile.seal(new byte[3], List.of(recipient), Encoding.BINARY);
        assertThat(AgeFile.open(sealed, List.of(read), 3)).isInstanceOf(Opened.Plaintext.class);
    }

    @ParameterizedTest
    @MethodSource("bothKinds")
    void hidesItsSecret(KeyIdentity identity) {
        assertThat(identity.toString())
                .isEqualTo("Identity[" + identity.recipient().fingerprint() + "]");
    }

    @ParameterizedTest
    @MethodSource("bothKinds")
    void wipesItsSecretWhenClosed(KeyIdentity identity) throws AgeException {
        byte[] sealed = AgeFile.seal(new byte[3], List.of(identity.recipient()), Encoding.BINARY);
        byte[] secret = identity.secret();
        assertThat(AgeFile.open(sealed, List.of(identity), 3)).isInstanceOf(Opened.Plaintext.class);

        identity.close();

        assertThat(secret).containsOnly(0);
        assertThat(AgeFile.open(sealed, List.of(identity), 3))
                .isEqualTo(new Opened.NoIdentityMatched());
        assertThatThrownBy(identity::encode).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> identity.deriveKey("x")).isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @MethodSource("bothKinds")
    void derivesOneKeyForEachLabel(KeyIdentity identity) {
        assertThat(identity.deriveKey("a"))
                .hasSize(32)
                .isEqualTo(identity.deriveKey("a"))
                .isNotEqualTo(identity.deriveKey("b"))
                .isNotEqualTo(identity.secret());
    }

    @Test
    void fingerprintsARecipient() throws AgeException {
        // printf %s age1zvkyg... | sha256sum
        assertThat(KeyRecipient.parse(RECIPIENT).fingerprint()).isEqualTo("6a804773982840fa");
    }

    @ParameterizedTest
    @MethodSource("bothKinds")
    void detectsEveryChangedCharacter(KeyIdentity identity) {
        String text = identity.recipient().toString();
        for (int at = 0; at < text.length(); at += Math.max(1, text.length() / 100)) {
            StringBuilder changed = new StringBuilder(text);
            changed.setCharAt(at, text.charAt(at) == 'q' ? 'p' : 'q');
            assertRefusedAsRecipient(changed.toString());
        }
    }

    @Test
    void rejectsAKeyInTheWrongCase() {
        assertRefusedAsRecipient(RECIPIENT.toUpperCase(Locale.ROOT));
        assertRefusedAsRecipient("age1" + RECIPIENT.substring(4).toUpperCase(Locale.ROOT));
        assertRefusedAsRecipient(RECIPIENT.substring(0, 61) + "J");
        assertRefusedAsIdentity(SECRET.toLowerCase(Locale.ROOT));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "age", "age1", "age1pq1", "ssh-ed25519 AAAA", "age1tag1qt8lw0ual6"})
    void rejectsAMalformedRecipient(String text) {
        assertRefusedAsRecipient(text);
    }

    @Test
    void rejectsSpacesAroundAKey() {
        assertRefusedAsRecipient(" " + RECIPIENT);
        assertRefusedAsRecipient(RECIPIENT + "\n");
        assertRefusedAsIdentity(SECRET + " ");
    }

    @Test
    void rejectsAnIdentityAsARecipientAndViceVersa() {
        assertRefusedAsRecipient(SECRET);
        assertRefusedAsIdentity(RECIPIENT);
    }

    @Test
    void messagesContainNothingOfARejectedKey() {
        String wrong = SECRET.substring(0, SECRET.length() - 1) + "Q";

        assertThatThrownBy(() -> KeyIdentity.parse(wrong))
                .isInstanceOf(AgeException.class)
                .hasMessage("The key's checksum is wrong: copy it again");
    }

    @Test
    void rejectsARecipientWhosePaddingIsNotZero() {
        // RECIPIENT with its last bit set, and the checksum that goes with it
        String padded = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73epp9g8nq";

        assertThatThrownBy(() -> KeyRecipient.parse(padded))
                .isInstanceOf(AgeException.class)
                .hasMessageContaining("last bits");
    }

    @ParameterizedTest
    @MethodSource("services.chorus.seqthink.age.UnsoundRecipients#all")
    void rejectsAnUnsoundRecipient(String text) {
        assertThatThrownBy(() -> KeyRecipient.parse(text))
                .isInstanceOf(AgeException.class)
                .hasMessageContaining("gives no secrecy");
    }

    private static void assertRefusedAsRecipient(String text) {
        assertThatThrownBy(() -> KeyRecipient.parse(text)).isInstanceOf(AgeException.class);
    }

    private static void assertRefusedAsIdentity(String text) {
        assertThatThrownBy(() -> KeyIdentity.parse(text)).isInstanceOf(AgeException.class);
    }
}

package services.chorus.seqthink.age;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyFileTest {

    private final KeyIdentity first = X25519Identity.generate();
    private final KeyIdentity second = HybridIdentity.generate();

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n"})
    void readsIdentitiesInOrder(String newline) throws AgeException {
        String content =
                String.join(
                        newline, "# created: today", "", text(first), "# another", text(second));

        assertThat(recipients(KeyFile.identities(ascii(content))))
                .containsExactly(first.recipient(), second.recipient());
        assertThat(recipients(KeyFile.identities(ascii(content + newline)))).hasSize(2);
    }

    @Test
    void readsRecipientsInOrder() throws AgeException {
        String content = "# ours\n" + first.recipient() + "\n\n" + second.recipient() + "\n";

        assertThat(KeyFile.recipients(ascii(content)))
                .containsExactly(first.recipient(), second.recipient());
    }

    @Test
    void namesTheFaultyLineWithoutItsContent() {
        String content = "# one\n\n" + text(first) + "\nAGE-SECRET-KEY-1OOPS\n";

        assertThatThrownBy(() -> KeyFile.identities(ascii(content)))
                .isInstanceOf(AgeException.class)
                .hasMessageStartingWith("Line 4: ")
                .message()
                .doesNotContain("OOPS");
        assertThatThrownBy(() -> KeyFile.recipients(ascii("age1oops")))
                .isInstanceOf(AgeException.class)
                .hasMessageStartingWith("Line 1: ")
                .message()
                .doesNotContain("oops");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "# only words\n", "\r\n\r\n"})
    void rejectsAFileWithoutKeys(String content) {
        assertThatThrownBy(() -> KeyFile.identities(ascii(content)))
                .isInstanceOf(AgeException.class)
                .hasMessage("The file holds no identity: put one on a line");
        assertThatThrownBy(() -> KeyFile.recipients(ascii(content)))
                .isInstanceOf(AgeException.class)
                .hasMessage("The file holds no recipient: put one on a line");
    }

    @Test
    void rejectsSpacesAndStrayBytes() {
        assertThatThrownBy(() -> KeyFile.identities(ascii("  \n")))
                .hasMessageStartingWith("Line 1: ");
        assertThatThrownBy(() -> KeyFile.identities(ascii(" " + text(first))))
                .hasMessageStartingWith("Line 1: ");
        assertThatThrownBy(() -> KeyFile.identities(new byte[] {(byte) 0xef, (byte) 0xbb}))
                .hasMessageStartingWith("Line 1: ");
    }

    private static List<KeyRecipient> recipients(List<KeyIdentity> identities) {
        return identities.stream().<KeyRecipient>map(KeyIdentity::recipient).toList();
    }

    private static String text(KeyIdentity identity) {
        return new String(identity.encode(), US_ASCII);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(US_ASCII);
    }
}

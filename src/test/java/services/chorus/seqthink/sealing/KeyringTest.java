package services.chorus.seqthink.sealing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import services.chorus.seqthink.age.HybridIdentity;
import services.chorus.seqthink.age.KeyIdentity;
import services.chorus.seqthink.testing.AgeKey;

class KeyringTest {

    @TempDir Path folder;

    private final AgeKey current = AgeKey.generate();
    private final AgeKey retired = AgeKey.generate();

    @Test
    void keepsTheOrderOfItsFiles() throws IOException {
        Path identities = file("keys", current.secret() + "\n# old\n" + retired.secret() + "\n");
        Path recipients = file("readers", retired.recipient() + "\n" + current.recipient());

        Keyring keyring = load(identities, Optional.of(recipients));

        assertThat(keyring.identities().stream().map(KeyIdentity::recipient).map(Object::toString))
                .containsExactly(current.recipient(), retired.recipient());
        assertThat(keyring.bareRecipients().stream().map(Object::toString))
                .containsExactly(retired.recipient(), current.recipient());
    }

    @Test
    void canHaveNoRecipients() throws IOException {
        Keyring keyring = load(file("keys", current.secret()), Optional.empty());

        assertThat(keyring.bareRecipients()).isEmpty();
    }

    @Test
    void needsAnIdentity() {
        assertThatThrownBy(() -> new Keyring(1, Optional.empty(), List.of(), List.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> load(file("keys", "# none\n"), Optional.empty()))
                .hasMessage(
                        "AGE_IDENT_PATH names a broken file: The file holds no identity: put one on"
                                + " a line");
    }

    @Test
    void namesTheMalformedLineWithoutItsContent() {
        assertThatThrownBy(
                        () ->
                                load(
                                        file("keys", "#\n" + current.secret() + "OOPS"),
                                        Optional.empty()))
                .hasMessageStartingWith("AGE_IDENT_PATH names a broken file: Line 2: ")
                .message()
                .doesNotContain(current.secret().substring(20), "OOPS");
    }

    @Test
    void rejectsMixedRecipients() throws IOException {
        Path identities = file("keys", current.secret());
        Path mixed =
                file(
                        "mixed",
                        current.recipient() + "\n" + HybridIdentity.generate().recipient() + "\n");
        Path tooMany = file("many", (current.recipient() + "\n").repeat(21));

        for (Path recipients : List.of(mixed, tooMany)) {
            assertThatThrownBy(() -> load(identities, Optional.of(recipients)))
                    .hasMessageStartingWith("AGE_RECIPS_PATH names a broken file: ");
        }
    }

    @ParameterizedTest
    @MethodSource("services.chorus.seqthink.age.UnsoundRecipients#some")
    void rejectsAnUnsoundRecipient(String unsound) throws IOException {
        Path recipients = file("readers", unsound + "\n");

        assertThatThrownBy(() -> load(file("keys", current.secret()), Optional.of(recipients)))
                .hasMessageStartingWith("AGE_RECIPS_PATH names a broken file: Line 1: ");
    }

    @Test
    void rejectsAMissingFile() {
        assertThatThrownBy(() -> load(folder.resolve("none"), Optional.empty()))
                .hasMessage(
                        "AGE_IDENT_PATH names a file that does not exist: create %s, or set it to a file that exists"
                                .formatted(folder.resolve("none")));
    }

    @Test
    void combinesTheRecipientsOfBareReplies() {
        Keyring keyring =
                new Keyring(
                        1,
                        Optional.empty(),
                        List.of(current.identity()),
                        List.of(current.identity().recipient(), retired.identity().recipient()));

        assertThat(keyring.bareReplyTarget().name())
                .isEqualTo(current.recipient() + "," + retired.recipient());
    }

    private static Keyring load(Path identities, Optional<Path> recipients) throws IOException {
        return Keyring.read(identities, recipients);
    }

    private Path file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }
}

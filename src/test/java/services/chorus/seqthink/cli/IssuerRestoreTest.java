package services.chorus.seqthink.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.age.AgeFile;
import services.chorus.seqthink.age.Encoding;
import services.chorus.seqthink.age.Opened;
import services.chorus.seqthink.age.ScryptRecipient;
import services.chorus.seqthink.testing.AgeKey;
import services.chorus.seqthink.testing.OwnFile;

/** Restores that fail, or that have to be repeated. */
class IssuerRestoreTest {

    static final List<String> FILES = IssuerFolder.FILES;
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir Path folder;
    private IssuerFolder home;
    private IssuerFolder elsewhere;
    private Path backup;
    private Path identity;
    private AgeKey operator;

    @BeforeEach
    void makeAnIssuer() throws IOException {
        home = IssuerFolder.withClients(folder.resolve("home"));
        elsewhere = IssuerFolder.in(folder.resolve("elsewhere"));
        backup = folder.resolve("backup.age");
        operator = AgeKey.generate();
        identity = OwnFile.write(folder.resolve("operator.key"), operator.secret() + "\n");
        backUp("-o", backup.toString()).orFail();
    }

    @ParameterizedTest
    @FieldSource("FILES")
    void overwritesNoExistingFile(String name) throws IOException {
        Path existing = Files.writeString(elsewhere.file(name), "there");

        CommandRun run = restore();

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.errors()).contains(existing.toString(), "nothing was written");
        assertThat(existing).hasContent("there");
        assertThat(elsewhere.names())
                .noneMatch(file -> !file.equals(name) && IssuerFolder.FILES.contains(file));
    }

    @Test
    void namesAllExistingFilesWhenRestoredTwice() throws IOException {
        restore().orFail();

        CommandRun again = restore();

        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.errors()).contains(IssuerFolder.FILES);
    }

    @Test
    void completesAnInterruptedRestoreBeforeAnIssuerStarts() throws IOException {
        restore().orFail();
        Path keys = elsewhere.file("issuer-keys.json");
        Path pending = elsewhere.file("issuer-keys.json.pending");
        Files.move(keys, pending);

        assertThatThrownBy(() -> elsewhere.keys())
                .hasMessageContaining("restore the same backup again");
        assertThat(keys).doesNotExist();
        restore().orFail();

        assertThat(pending).doesNotExist();
        assertThat(elsewhere.keys().jwks()).isEqualTo(home.keys().jwks());
    }

    @Test
    void completesARestoreInterruptedDuringItsFirstFile() throws IOException {
        Path left =
                Files.writeString(elsewhere.file("issuer-keys.json.pending.tmp"), "{\"keys\":[{");

        assertThatThrownBy(() -> elsewhere.keys())
                .hasMessageContaining("restore the same backup again");
        CommandRun revoke = elsewhere.run("revoke", "some-id");
        assertThat(revoke.errors()).contains("restore the same backup again");
        restore().orFail();

        assertThat(left).doesNotExist();
        assertThat(elsewhere.keys().jwks()).isEqualTo(home.keys().jwks());
    }

    @Test
    void warnsWhenPrivateKeysAreRestoredUnencrypted() throws IOException {
        Path own = OwnFile.write(folder.resolve("own.key"), AgeKey.generate().secret() + "\n");

        CommandRun clear = restore();
        elsewhere = IssuerFolder.in(folder.resolve("sealing")).sealing(own);
        CommandRun sealed = restore();

        clear.orFail();
        sealed.orFail();
        assertThat(clear.errors()).containsOnlyOnce("warning: the private keys are not encrypted");
        assertThat(sealed.errors()).doesNotContain("warning");
    }

    @Test
    void rejectsAnotherIdentity() throws IOException {
        OwnFile.write(identity, AgeKey.generate().secret());

        assertRejected("none of the given identities opens it");
    }

    @Test
    void rejectsAFileSealedToAPassphrase() throws IOException {
        try (var passphrase = new ScryptRecipient("known".getBytes(UTF_8), 10)) {
            Files.write(backup, AgeFile.seal(opened(), List.of(passphrase), Encoding.BINARY));
        }

        assertRejected("none of the given identities opens it");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 200, -1})
    void rejectsAChangedBackup(int at) throws IOException {
        byte[] sealed = Files.readAllBytes(backup);
        sealed[at < 0 ? sealed.length + at : at] ^= 1;
        Files.write(backup, sealed);

        assertRejected("cannot be used");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "{}",
                "[]",
                "no JSON",
                "{\"seqthink-issuer-backup\":1}",
                "{\"seqthink-issuer-backup\":null}",
                "{\"seqthink-issuer-backup\":\"1\"}",
            })
    void rejectsOtherContent(String content) throws IOException {
        seal(content.getBytes(UTF_8));

        assertRejected("it is not a backup of an issuer");
    }

    @Test
    void rejectsAnotherFormatVersion() throws IOException {
        change(json -> json.put("seqthink-issuer-backup", 2).put("new", true));

        assertRejected("its format is version 2, and this program reads version 1");
    }

    @Test
    void rejectsAnUnknownMember() throws IOException {
        change(json -> json.put("more", true));

        assertRejected("it is not a backup of an issuer");
    }

    @Test
    void rejectsAKeyWithAWrongKid() throws IOException {
        change(json -> ((ObjectNode) json.path("keys").path("keys").path(0)).put("kid", "x"));

        assertRejected("kid");
    }

    @Test
    void rejectsABackupWithoutKeys() throws IOException {
        change(json -> json.putObject("keys").putArray("keys"));

        assertRejected("no key");
    }

    private void assertRejected(String why) throws IOException {
        CommandRun run = restore();

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.errors()).contains(backup.toString(), why).doesNotContain("pkcs8");
        assertThat(elsewhere.names()).isEmpty();
    }

    private void change(Consumer<ObjectNode> change) throws IOException {
        ObjectNode json = (ObjectNode) JSON.readTree(opened());
        change.accept(json);
        seal(JSON.writeValueAsBytes(json));
    }

    private byte[] opened() throws IOException {
        byte[] sealed = Files.readAllBytes(backup);
        return ((Opened.Plaintext)
                        AgeFile.open(sealed, List.of(operator.identity()), sealed.length))
                .bytes();
    }

    private void seal(byte[] content) throws IOException {
        Files.write(
                backup,
                AgeFile.seal(content, List.of(operator.identity().recipient()), Encoding.BINARY));
    }

    private CommandRun backUp(String... options) {
        return home.run("backup", IssuerFolder.with(options, "--to", operator.recipient()));
    }

    private CommandRun restore(String... options) {
        return elsewhere.run(
                "restore",
                IssuerFolder.with(options, "--identity", identity.toString(), backup.toString()));
    }
}

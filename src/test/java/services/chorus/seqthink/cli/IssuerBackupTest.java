package services.chorus.seqthink.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.issuer.clients.LastUsed;
import services.chorus.seqthink.testing.AgeKey;
import services.chorus.seqthink.testing.CommandLineTool;
import services.chorus.seqthink.testing.OwnFile;
import services.chorus.seqthink.testing.TestIssuer;

class IssuerBackupTest {

    private static final String TYPE = "at+jwt";
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
    }

    @Test
    void restoresTheSameIssuerInANewFolder() throws IOException {
        String token = home.keys().sign(TYPE, "{\"jti\":\"one\"}");
        String client = Files.readString(home.file("clients.json"));

        backUp("-o", backup.toString()).orFail();
        restore().orFail();

        assertThat(elsewhere.keys().jwks()).isEqualTo(home.keys().jwks());
        assertThat(elsewhere.keys().verified(TYPE, token)).isPresent();
        assertThat(home.keys().verified(TYPE, elsewhere.keys().sign(TYPE, "{}"))).isPresent();
        assertThat(elsewhere.clients().ids()).containsExactly("agent", "other");
        assertThat(elsewhere.file("clients.json")).hasContent(client);
        assertThat(elsewhere.revoked().contains("revoked-id")).isTrue();
        assertThat(LastUsed.file(elsewhere.file("clients.json")).read().orElseThrow().lastUsed())
                .isEqualTo(Map.of("agent", Instant.parse("2026-03-01T12:00:00Z")));
        assertThat(IssuerFolder.FILES.stream().map(elsewhere::file))
                .allSatisfy(IssuerFolder::assertReadableByItsOwnerOnly);
    }

    @Test
    void sealsRestoredKeysToTheConfiguredIdentity() throws IOException {
        backUp("-o", backup.toString()).orFail();
        elsewhere = elsewhere.sealing(identity("its-own.key"));

        restore().orFail();

        assertThat(Files.readString(elsewhere.file("issuer-keys.json")))
                .contains("sealed_pkcs8", home.kid())
                .doesNotContain("\"pkcs8\"")
                .doesNotContain(home.privateKey());
    }

    @Test
    void opensWithoutTheIdentityOfTheKeyFile() throws IOException {
        backUp("-o", backup.toString()).orFail();
        elsewhere = elsewhere.sealing(identity("lost.key"));
        restore().orFail();
        IssuerFolder third = IssuerFolder.in(folder.resolve("third"));

        Files.write(backup, elsewhere.run("backup", "--to", operator.recipient()).orFail());
        third.run("restore", "-i", identity.toString(), backup.toString()).orFail();

        assertThat(Files.readString(third.file("issuer-keys.json"))).contains(home.privateKey());
        assertThat(third.keys().jwks()).isEqualTo(home.keys().jwks());
    }

    @Test
    void failsWithoutTheIdentityOfTheKeyFile() throws IOException {
        backUp("-o", backup.toString()).orFail();
        elsewhere = elsewhere.sealing(identity("lost.key"));
        restore().orFail();

        CommandRun run =
                IssuerFolder.in(elsewhere.folder()).run("backup", "--to", operator.recipient());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.output()).isEmpty();
        assertThat(run.errors()).contains("ISSUER_IDENTITY_PATH");
    }

    @Test
    void isNotSealedToTheIssuersOwnIdentity() throws IOException {
        home = home.sealing(identity);

        CommandRun run = backUp("-o", backup.toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.errors()).contains(operator.recipient(), "kept elsewhere");
        assertThat(backup).doesNotExist();
    }

    @Test
    void rejectsOneFileUnderTwoSettings() throws IOException {
        home.environment().put("ISSUER_REVOKED_PATH", home.file("clients.json").toString());

        CommandRun run = backUp("-o", backup.toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.errors()).contains("Two of the issuer's files", "clients.json");
    }

    @Test
    void printsTheSameContentWhenMadeCheckedAndRestored() throws IOException {
        CommandRun made = backUp("-o", backup.toString());
        CommandRun checked = restore("--check");

        assertThat(elsewhere.names()).isEmpty();
        assertThat(made.text())
                .isEqualTo(checked.text())
                .contains("made: 2", "issuer: " + TestIssuer.ISSUER)
                .contains("key: " + home.kid(), "client: agent\n", "client: other\n")
                .contains("revoked tokens: 1")
                .doesNotContain(home.privateKey());
        CommandRun restored = restore();
        assertThat(restored.text())
                .startsWith(made.text())
                .contains("restored: " + elsewhere.folder());
        assertThat(restored.errors()).contains("what changed after the backup was made");
    }

    @Test
    void isWrittenToStandardOutputWithoutAFile() throws IOException {
        CommandRun run = backUp();

        Files.write(backup, run.orFail());
        assertThat(run.errors()).contains("key: " + home.kid());
        restore().orFail();
        assertThat(elsewhere.keys().jwks()).isEqualTo(home.keys().jwks());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--armor", "--"})
    void opensWithTheAgeToolAndTheOperatorsIdentity(String form) throws Exception {
        CommandLineTool age = CommandLineTool.needed("age", folder);
        backUp("-o", backup.toString(), form).orFail();

        JsonNode opened = JSON.readTree(age.run("-d", "-i", "operator.key", "backup.age").orFail());

        assertThat(opened.path("seqthink-issuer-backup").intValue()).isEqualTo(1);
        assertThat(opened.path("keys").findValuesAsText("kid")).containsExactly(home.kid());
        assertThat(opened.path("clients").findValuesAsText("client_id"))
                .containsExactly("agent", "other");
        assertThat(Instant.parse(opened.path("made_at").textValue()))
                .isBetween(Instant.now().minusSeconds(60), Instant.now());
        assertThat(Files.readString(backup, ISO_8859_1).startsWith("-----BEGIN AGE"))
                .isEqualTo(form.equals("--armor"));
    }

    @Test
    void isReadableByItsOwnerOnlyAndOverwritesNothing() throws IOException {
        backUp("-o", backup.toString()).orFail();
        IssuerFolder.assertReadableByItsOwnerOnly(backup);
        byte[] before = Files.readAllBytes(backup);

        CommandRun again = backUp("-o", backup.toString());

        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.errors()).contains("exists; nothing was overwritten");
        assertThat(backup).hasBinaryContent(before);
    }

    @Test
    void createsNoMissingFiles() throws IOException {
        try (Stream<Path> files = Files.list(home.folder())) {
            for (Path file : files.filter(f -> !f.endsWith("issuer-keys.json")).toList()) {
                Files.delete(file);
            }
        }

        backUp("-o", backup.toString()).orFail();

        assertThat(home.names()).containsOnly("issuer-keys.json", "issuer-keys.json.lock");
        restore().orFail();
        assertThat(elsewhere.names()).containsAll(IssuerFolder.FILES);
        assertThat(elsewhere.clients().ids()).isEmpty();
    }

    @Test
    void failsWithoutKeys() throws IOException {
        Files.delete(home.file("issuer-keys.json"));

        CommandRun run = backUp("-o", backup.toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.errors()).contains("there is no file " + home.file("issuer-keys.json"));
        assertThat(backup).doesNotExist();
    }

    @Test
    void failsWithABrokenFile() throws IOException {
        Files.writeString(home.file("clients.json"), "{");

        CommandRun run = backUp("-o", backup.toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.errors()).contains("clients.json is broken");
        assertThat(backup).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"issuer", "issuer backup", "issuer restore x", "issuer backup --to"})
    void rejectsAnInvalidCommandLine(String line) {
        CommandRun run = CommandRun.of(line.split(" "));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.errors()).contains("Run seqthink-wrapper issuer", " --help");
    }

    @Test
    void namesTheMissingSettings() {
        CommandRun run = CommandRun.of("issuer", "backup", "--to", operator.recipient());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.errors()).contains("ISSUER_KEYS_PATH", "ISSUER_CLIENTS_PATH");
    }

    private Path identity(String name) throws IOException {
        return Files.writeString(folder.resolve(name), AgeKey.generate().secret() + "\n");
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

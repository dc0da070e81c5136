package services.chorus.seqthink.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import services.chorus.seqthink.signing.Ed25519Key;
import services.chorus.seqthink.testing.AgeKey;
import services.chorus.seqthink.testing.Canaries;
import services.chorus.seqthink.testing.HandMadeJws;
import services.chorus.seqthink.testing.OwnFile;

class ClientAddTest {

    private static final Pattern SECRET =
            Pattern.compile("client_id=agent\\Rclient_secret=(\\S{32,})\\R");
    private static final Pattern KEY =
            Pattern.compile("client_id=agent\\Rclient_key=(\\{\\S+})\\R");

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir Path folder;
    private Path clients;

    @BeforeEach
    void chooseAFile() {
        clients = folder.resolve("clients.json");
    }

    @Test
    void printsAPrivateKeyOnceAndKeepsOnlyItsPublicHalf() throws IOException {
        CommandRun run = add("agent");

        run.orFail();
        JsonNode key = JSON.readTree(printed(KEY, run));
        Canaries.note(key.get("d").textValue());
        assertThat(Files.readString(clients))
                .contains(key.get("x").textValue())
                .doesNotContain(key.get("d").textValue());
        assertThat(key.get("kty").textValue()).isEqualTo("OKP");
        assertThat(key.get("crv").textValue()).isEqualTo("Ed25519");
        assertThat(run.errors()).isEmpty();
    }

    @Test
    void printsASecretOnceAndKeepsOnlyItsHash() throws IOException {
        CommandRun run = add("agent", "--secret");

        run.orFail();
        String secret = Canaries.note(printed(SECRET, run));
        assertThat(Files.readString(clients)).contains("$argon2id$").doesNotContain(secret);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(clients)))
                .isEqualTo("rw-------");
        assertThat(run.errors()).isEmpty();
    }

    @Test
    void writesAPrivateKeyToAFileThatOnlyItsOwnerReads() throws IOException {
        Path out = folder.resolve("agent.jwk");
        CommandRun run = add("agent", "--key-out", out.toString());

        run.orFail();
        try (Ed25519Key key = Ed25519Key.read(out)) {
            assertThat(run.text())
                    .isEqualTo("client_id=agent%nkey_thumbprint=%s%n".formatted(key.fingerprint()));
            assertThat(Files.readString(clients)).contains(key.publicKey().x());
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(out)))
                .isEqualTo("rw-------");
    }

    @Test
    void overwritesNoFileWithAKeyAndThenAddsNoClient() throws IOException {
        Path out = Files.writeString(folder.resolve("agent.jwk"), "precious");
        CommandRun run = add("agent", "--key-out", out.toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.errors()).contains("agent.jwk exists; nothing was overwritten");
        assertThat(out).hasContent("precious");
        assertThat(clients).doesNotExist();
    }

    @Test
    void leavesNoKeyFileWhenTheClientIsNotAdded() throws IOException {
        add("agent").orFail();
        Path out = folder.resolve("agent.jwk");

        assertThat(add("agent", "--key-out", out.toString()).exitCode()).isEqualTo(1);
        assertThat(out).doesNotExist();
    }

    @Test
    void acceptsTheClientsOwnPublicKey() throws IOException {
        HandMadeJws key = HandMadeJws.generate();
        Path file = Files.writeString(folder.resolve("agent.pub"), key.publicJwk());
        CommandRun run = add("agent", "--public-key", file.toString());

        run.orFail();
        assertThat(run.text())
                .isEqualTo("client_id=agent%nkey_thumbprint=%s%n".formatted(key.fingerprint()));
        assertThat(Files.readString(clients)).contains(key.x());
    }

    @Test
    void rejectsAPrivateKeyInPlaceOfAPublicKey() throws IOException {
        Path file = OwnFile.write(folder.resolve("agent.jwk"), HandMadeJws.generate().privateJwk());
        CommandRun run = add("agent", "--public-key", file.toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.errors()).contains("public key only");
        assertThat(clients).doesNotExist();
    }

    @Test
    void acceptsTheOperatorsOwnSecretIfItIsLongEnough() throws IOException {
        String secret = Canaries.note("a secret of the operator's own, really");
        Path file = OwnFile.write(folder.resolve("secret"), secret + "\n");
        CommandRun run = add("agent", "--secret-file", file.toString());

        run.orFail();
        assertThat(run.text()).isEqualTo("client_id=agent%n".formatted());
        assertThat(Files.readString(clients)).contains("$argon2id$").doesNotContain(secret);

        Files.writeString(file, "x".repeat(31) + "\n");
        CommandRun tooShort = add("other", "--secret-file", file.toString());
        assertThat(tooShort.exitCode()).isEqualTo(1);
        assertThat(tooShort.errors()).contains("32 characters").doesNotContain("xxx");
    }

    @Test
    void rejectsTwoKindsOfCredential() {
        assertThat(add("agent", "--secret", "--key-out", "agent.jwk").exitCode()).isEqualTo(2);
        assertThat(clients).doesNotExist();
    }

    @Test
    void rejectsAMistypedAgeRecipient() {
        String mistyped = AgeKey.generate().recipient().replaceFirst(".$", "b");

        assertThat(add("agent", "--age-recipient", mistyped).exitCode()).isEqualTo(1);
        assertThat(clients).doesNotExist();
    }

    @Test
    void storesAllOptions() throws IOException {
        String recipient = AgeKey.generate().recipient();

        add(
                        "agent",
                        "--scope",
                        "a,b",
                        "--scope",
                        "c",
                        "--age-recipient",
                        recipient,
                        "--expires",
                        "2099-01-31T00:00:00Z",
                        "--require-dpop",
                        "--introspect")
                .orFail();

        JsonNode stored = JSON.readTree(clients.toFile());
        assertThat(stored.findValue("scopes")).hasToString("[\"a\",\"b\",\"c\"]");
        assertThat(stored.toString())
                .contains(recipient, "agent")
                .contains("\"require_dpop\":true", "\"introspect\":true");
    }

    @Test
    void rejectsAnExpiryThatHasPassed() {
        Path out = folder.resolve("agent.jwk");
        String past = Instant.now().toString();

        CommandRun run = add("agent", "--key-out", out.toString(), "--expires", past);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.output()).isEmpty();
        assertThat(run.errors()).contains("--expires must be a time in the future");
        assertThat(out).doesNotExist();
        assertThat(clients).doesNotExist();
    }

    @Test
    void keepsExistingClientsAndRejectsAnExistingId() throws IOException {
        add("one").orFail();
        add("two").orFail();
        String before = Files.readString(clients);

        CommandRun again = add("one");

        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.output()).isEmpty();
        assertThat(again.errors())
                .startsWith("seqthink-wrapper client add: ")
                .contains("one exists already");
        assertThat(clients).hasContent(before);
        assertThat(before).contains("one", "two");
    }

    @Test
    void rejectsAMalformedClientsFile() throws IOException {
        Files.writeString(clients, "not json");

        CommandRun run = add("agent");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.output()).isEmpty();
        assertThat(clients).hasContent("not json");
    }

    private static String printed(Pattern pattern, CommandRun run) {
        Matcher printed = pattern.matcher(run.text());
        assertThat(printed.matches()).isTrue();
        return printed.group(1);
    }

    private CommandRun add(String id, String... options) {
        String[] arguments = new String[options.length + 5];
        System.arraycopy(
                new String[] {"client", "add", id, "--file", clients.toString()},
                0,
                arguments,
                0,
                5);
        System.arraycopy(options, 0, arguments, 5, options.length);
        return CommandRun.of(arguments);
    }
}

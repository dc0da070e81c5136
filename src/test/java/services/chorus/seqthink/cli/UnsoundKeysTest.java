package services.chorus.seqthink.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import services.chorus.seqthink.age.UnsoundRecipients;
import services.chorus.seqthink.signing.Ed25519PublicKeyTest;
import services.chorus.seqthink.testing.AgeKey;
import services.chorus.seqthink.testing.HandMadeJws;

/** Every option and file of a command through which a public key comes in. */
class UnsoundKeysTest {

    private static final String URL = "https://door.example";

    @TempDir Path folder;

    private final AgeKey good = AgeKey.generate();

    static List<String> recipients() {
        return UnsoundRecipients.some();
    }

    static Stream<String> signingKeys() {
        return Ed25519PublicKeyTest.unsound().limit(3);
    }

    @ParameterizedTest
    @MethodSource("recipients")
    void aRecipientToSealTo(String unsound) throws IOException {
        refused("seal", "-r", good.recipient(), "-r", unsound);
        refused("seal", "-R", file("recipients", good.recipient() + "\n" + unsound + "\n"));
        refused(gateway("call", "-r", unsound));
        refused(gateway("follow", "-r", unsound));
        refused("issuer", "backup", "--config", issuer(), "--to", unsound);
    }

    @ParameterizedTest
    @MethodSource("recipients")
    void aRecipientOfReplies(String unsound) throws IOException {
        refused(
                "seal",
                "-r",
                good.recipient(),
                "--to",
                URL + "/mcp/tool",
                "--token-file",
                file("token", "abc"),
                "--reply-to",
                unsound);
        refused(
                "token",
                "--issuer",
                URL,
                "--client-id",
                "agent",
                "--client-key",
                file("agent.jwk", HandMadeJws.generate().privateJwk()),
                "--age-recipient",
                unsound);
        String clients = folder.resolve("clients.json").toString();
        refused("client", "add", "agent", "--file", clients, "--age-recipient", unsound);
        assertThat(Path.of(clients)).doesNotExist();
    }

    @ParameterizedTest
    @MethodSource("signingKeys")
    void aKeyOfAClient(String x) throws IOException {
        HandMadeJws key = HandMadeJws.generate();
        String clients = folder.resolve("clients.json").toString();
        String jwk = file("agent.pub", key.publicJwk().replace(key.x(), x));

        refused("client", "add", "agent", "--file", clients, "--public-key", jwk);
        assertThat(Path.of(clients)).doesNotExist();

        CommandRun.of(
                        "client",
                        "add",
                        "agent",
                        "--file",
                        clients,
                        "--public-key",
                        file("agent.pub", key.publicJwk()))
                .orFail();
        Files.writeString(Path.of(clients), Files.readString(Path.of(clients)).replace(key.x(), x));
        refused("client", "list", "--file", clients);
    }

    @ParameterizedTest
    @MethodSource("signingKeys")
    void aKeyOfAnAuditLog(String x) throws IOException {
        assertThat(CommandRun.of("audit", "verify", file("audit", ""), "--key", x).exitCode())
                .isEqualTo(2);
    }

    @Test
    void theOptionsAboveAreUsable() throws IOException {
        CommandRun.of(new byte[1], "seal", "-r", good.recipient()).orFail();
        assertThat(CommandRun.of(gateway("call", "-r", good.recipient())).errors())
                .contains("standard input is not one JSON object");
    }

    private String[] gateway(String command, String... options) throws IOException {
        Stream<String> all =
                Stream.of(
                        command,
                        URL,
                        "--token-file",
                        file("token", "abc"),
                        "-i",
                        file("identity", good.secret()));
        return Stream.concat(all, Stream.of(options)).toArray(String[]::new);
    }

    private String issuer() throws IOException {
        return file("seqthink.toml", "");
    }

    private String file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content).toString();
    }

    private static void refused(String... arguments) {
        CommandRun run = CommandRun.of("{}".getBytes(), arguments);
        assertThat(run.exitCode()).as(run.errors()).isEqualTo(1);
        assertThat(run.errors())
                .containsAnyOf(
                        "gives no secrecy", "public key", "recipient", "clients.json is broken");
        assertThat(run.output()).isEmpty();
    }
}

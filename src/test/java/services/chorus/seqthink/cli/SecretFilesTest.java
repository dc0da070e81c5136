package services.chorus.seqthink.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import services.chorus.seqthink.testing.AgeKey;
import services.chorus.seqthink.testing.HandMadeJws;
import services.chorus.seqthink.testing.OwnFile;

/** Every command and option that reads a file with a secret, and the mode of that file. */
class SecretFilesTest {

    private static final String NO_SERVER = "http://127.0.0.1:1";

    /** Options for files, by command: those that name a secret are in the test below. */
    private static final Set<String> NO_SECRETS =
            Set.of(
                    "--arguments",
                    "--binding",
                    "--cacert",
                    "--config",
                    "--key-out",
                    "--output",
                    "--public-key",
                    "--recipients-file",
                    "BACKUP",
                    "FILE");

    private static final Set<String> SECRETS =
            Set.of(
                    "--client-key",
                    "--dpop-key",
                    "--file",
                    "--identity",
                    "--known-doors",
                    "--secret-file",
                    "--token",
                    "--token-file");

    @TempDir Path folder;
    private Map<String, String> environment;

    @BeforeEach
    void writeEveryFile() throws IOException {
        AgeKey key = AgeKey.generate();
        environment = new HashMap<>(IssuerFolder.withClients(folder).environment());
        OwnFile.write(folder.resolve("own.key"), key.secret() + "\n");
        Files.writeString(folder.resolve("own.pub"), key.recipient() + "\n");
        OwnFile.write(folder.resolve("dpop.jwk"), HandMadeJws.generate().privateJwk());
        OwnFile.write(folder.resolve("client.jwk"), HandMadeJws.generate().privateJwk());
        OwnFile.write(folder.resolve("secret"), "0123456789abcdefghijklmnopqrstuvwxyz\n");
        OwnFile.write(folder.resolve("token"), "a.b.c\n");
        OwnFile.write(folder.resolve("doors.json"), "{}\n");
    }

    @ParameterizedTest
    @CsvSource({
        "own.key, open -i @own.key",
        "own.key, open -i @own.key -i @own.key",
        "own.key, rotate -f @own.key",
        "own.key, rotate -f @own.key --promote",
        "own.key, call URL -R @own.pub -i @own.key --token-file @token",
        "token, call URL -R @own.pub -i @own.key --token-file @token",
        "dpop.jwk, call URL -R @own.pub -i @own.key --token-file @token --dpop-key @dpop.jwk",
        "doors.json, call URL --known-doors @doors.json -i @own.key --token-file @token",
        "own.key, follow URL -R @own.pub -i @own.key --token-file @token",
        "token, follow URL -R @own.pub -i @own.key --token-file @token",
        "dpop.jwk, follow URL -R @own.pub -i @own.key --token-file @token --dpop-key @dpop.jwk",
        "doors.json, follow URL --known-doors @doors.json -i @own.key --token-file @token",
        "token, seal -R @own.pub --to URL/mcp/tool --token-file @token",
        "client.jwk, token --issuer URL --client-id agent --client-key @client.jwk",
        "secret, token --issuer URL --client-id agent --secret-file @secret",
        "dpop.jwk, token --issuer URL --client-id agent --secret-file @secret --dpop-key @dpop.jwk",
        "secret, client add new --secret-file @secret",
        "secret, client rotate-secret agent --secret-file @secret",
        "clients.json, client list",
        "clients.json, client list --file @clients.json",
        "clients.json, client disable agent",
        "issuer-keys.json, issuer rotate",
        "issuer-keys.json, issuer rotate --compromised",
        "issuer-keys.json, issuer rotate -f @issuer-keys.json",
        "token, issuer revoke --token @token",
        "issuer-keys.json, issuer revoke --token @token",
        "issuer-keys.json, issuer backup --to AGE -o @backup.age",
        "own.key, issuer restore -i @own.key @own.pub",
        "token, policy explain --token @token --tool think",
        "dpop.jwk, policy explain --token @token --tool think",
    })
    void aCommandWarnsOnceOfASecretThatOthersCanRead(String secret, String command)
            throws IOException {
        assertThat(run(command).errors()).doesNotContain("warning: ");

        writeAgain();
        Path file = folder.resolve(secret);
        for (String mode : List.of("rw-r-----", "rw-rw----", "rw----r--")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
            assertThat(run(command).errors().lines().filter(line -> line.contains("has mode")))
                    .containsExactly(
                            "warning: %s has mode %s: remove the access of group and others"
                                    .formatted(file, mode));
            writeAgain();
        }
    }

    @ParameterizedTest
    @CsvSource({"issuer rotate", "issuer backup --to AGE -o @backup.age"})
    void aCommandWarnsOfTheIssuersIdentity(String command) throws IOException {
        environment = IssuerFolder.in(folder).sealing(folder.resolve("own.key")).environment();
        Files.setPosixFilePermissions(
                folder.resolve("own.key"), PosixFilePermissions.fromString("rw-r--r--"));

        assertThat(run(command).errors().lines().filter(line -> line.contains("own.key has mode")))
                .hasSize(1);
    }

    /** A new option for a file must be in one of the lists: does it name a secret? */
    @Test
    void everyOptionThatNamesAFileIsKnown() {
        Set<String> named = new TreeSet<>();
        collect(Main.commandLine(CommandContext.ofThisProcess()), named);
        Set<String> known = new TreeSet<>(NO_SECRETS);
        known.addAll(SECRETS);
        assertThat(named).isEqualTo(known);
    }

    @Test
    void tokenWritesAFileForItsOwner() throws IOException {
        try (var issuer = new FakeIssuer()) {
            Path file = Files.writeString(folder.resolve("fetched"), "an old token");
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));

            CommandRun run = issuer.bySecret(folder.resolve("secret"), "-o", file.toString());

            assertThat(run.orFail()).isEmpty();
            assertThat(file).hasContent(issuer.token());
            IssuerFolder.assertReadableByItsOwnerOnly(file);
        }
    }

    @Test
    void tokenWritesThroughNoLink() throws IOException {
        try (var issuer = new FakeIssuer()) {
            Path precious = Files.writeString(folder.resolve("precious"), "precious");
            Path link = Files.createSymbolicLink(folder.resolve("link"), precious);

            CommandRun run = issuer.bySecret(folder.resolve("secret"), "-o", link.toString());

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.errors())
                    .contains(link + " is a link, a device or a folder: give the path of a file")
                    .doesNotContain(issuer.token());
            assertThat(precious).hasContent("precious");
            assertThat(link).isSymbolicLink();
        }
    }

    @Test
    void sealReplacesNoLinkByItsBinding() throws IOException {
        Path precious = Files.writeString(folder.resolve("precious"), "precious");
        Path link = Files.createSymbolicLink(folder.resolve("link"), precious);

        CommandRun run =
                run("seal -R @own.pub --to URL/mcp/tool --token-file @token --binding @link");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.output()).isEmpty();
        assertThat(link).isSymbolicLink();
        assertThat(precious).hasContent("precious");
    }

    private void writeAgain() throws IOException {
        for (String left : List.of("gateway/door.key", "gateway/door.jwk", "gateway/bare.pub")) {
            Files.deleteIfExists(folder.resolve(left));
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        writeEveryFile();
    }

    private CommandRun run(String command) throws IOException {
        boolean explains = command.startsWith("policy");
        Map<String, String> present = explains ? gateway() : environment;
        String recipient = AgeKey.generate().recipient();
        String[] words =
                Stream.of(command.split(" "))
                        .map(word -> word.replace("URL", NO_SERVER).replace("AGE", recipient))
                        .map(word -> word.replaceFirst("^@", folder + "/"))
                        .toArray(String[]::new);
        String input = command.startsWith("open") ? "sealed" : "{}";
        return CommandRun.in(present, input.getBytes(UTF_8), words);
    }

    /** Of a gateway that asks an issuer about opaque tokens, with a secret. */
    private Map<String, String> gateway() throws IOException {
        Map<String, String> gateway =
                DoorFiles.in(Files.createDirectories(folder.resolve("gateway"))).environment();
        gateway.put("KACHING_JWKS_URL", NO_SERVER + "/jwks");
        gateway.put("INTROSPECT_URL", NO_SERVER + "/introspect");
        gateway.put("OPAQUE_ISSUER", "https://opaque.example");
        gateway.put("INTROSPECT_CLIENT_ID", "gateway");
        gateway.put("INTROSPECT_CLIENT_SECRET_PATH", folder.resolve("dpop.jwk").toString());
        return gateway;
    }

    private static void collect(CommandLine command, Set<String> named) {
        command.getCommandSpec().args().stream()
                .filter(SecretFilesTest::isFile)
                .map(SecretFilesTest::name)
                .forEach(named::add);
        command.getSubcommands().values().forEach(each -> collect(each, named));
    }

    static boolean isFile(ArgSpec argument) {
        return argument.type() == Path.class
                || List.of(argument.typeInfo().getAuxiliaryTypes()).contains(Path.class);
    }

    private static String name(ArgSpec argument) {
        return argument.isOption()
                ? ((CommandLine.Model.OptionSpec) argument).longestName()
                : argument.paramLabel();
    }
}

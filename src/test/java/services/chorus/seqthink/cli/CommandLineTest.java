package services.chorus.seqthink.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.app.Judged;
import services.chorus.seqthink.client.GatewayClient.Timeouts;
import services.chorus.seqthink.config.Heap;
import services.chorus.seqthink.config.Sources;

/** Help, version, exit codes, and which stream gets what. */
class CommandLineTest {

    private static final String RECIPIENT =
            "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj";

    @TempDir Path folder;

    static Stream<String> commands() {
        return Stream.of(
                "",
                "serve",
                "healthcheck",
                "doctor",
                "keygen",
                "seal",
                "open",
                "call",
                "token",
                "client",
                "client add",
                "client list",
                "client disable",
                "client enable",
                "client remove",
                "client rotate-secret",
                "policy",
                "policy explain");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void helpGoesToStandardOutputAndSucceeds(String command) {
        CommandRun run = CommandRun.of(words(command + " --help"));

        assertThat(run.exitCode()).isZero();
        assertThat(run.text()).startsWith(("Usage: seqthink-wrapper " + command).strip());
        assertThat(run.errors()).isEmpty();
    }

    @Test
    void helpNamesEveryCommand() {
        assertThat(CommandRun.of("--help").text())
                .contains("serve", "healthcheck", "doctor", "keygen", "seal", "open", "call")
                .contains("token", "client", "policy");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--version", "-V", "seal --version"})
    void versionIsTheBuilds(String arguments) {
        CommandRun run = CommandRun.of(words(arguments));

        assertThat(run.exitCode()).isZero();
        assertThat(run.text()).matches("seqthink-wrapper \\d+\\.\\d+\\.\\d+\\S*\\R");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense",
                "--nonsense",
                "serve now",
                "doctor --nonsense",
                "seal",
                "seal --to https://door.example/mcp/tool -r " + RECIPIENT,
                "open",
                "call https://door.example",
                "token --issuer https://tokens.example --client-id a",
                "healthcheck --port eighty",
                "client",
                "client add",
                "client add --file clients.json",
                "client add a --file clients.json --expires tomorrow",
                "client add a --file clients.json --expires 2020-01-01T00:00:00Z",
                "client list",
                "client disable --file clients.json",
                "client rotate-secret a --file clients.json --keep-old soon",
                "policy",
                "policy explain",
                "policy explain --token -",
                "policy explain --token - --method tools/list --tool read"
            })
    void anInvalidCommandLineFailsWithTwoAndAMessageOnStandardError(String arguments) {
        CommandRun run = CommandRun.of(words(arguments));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.output()).isEmpty();
        assertThat(run.errors()).isNotBlank();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "seal -r age1nonsense",
                "seal -R nothing.pub",
                "open -i nothing.key",
                "keygen -o nowhere/door.key",
                "client add .. --file clients.json",
                "call https://door.example -i nothing.key -R nothing.pub --token-file nothing",
                "token --issuer https://tokens.example --client-id a --secret-file nothing",
                "healthcheck --host 127.0.0.1 --port 1"
            })
    void aFailureExitsWithOneAndOneLineOnStandardError(String arguments) {
        CommandRun run = CommandRun.of(words(arguments));

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.output()).isEmpty();
        assertThat(run.errors().lines())
                .singleElement()
                .asString()
                .startsWith("seqthink-wrapper " + commandOf(arguments) + ": ")
                .doesNotContain("Exception", "null");
    }

    @Test
    void anUnwritableStandardOutputIsAFailure() {
        OutputStream full =
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("No space left on device");
                    }
                };
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        CommandContext context =
                new CommandContext(
                        new Sources(Map.of(), Map.of()),
                        new ByteArrayInputStream(new byte[100]),
                        new PrintStream(full),
                        new PrintStream(err),
                        new Heap(1L << 30),
                        Timeouts.SILENCE);

        assertThat(Main.run(context, "seal", "-r", RECIPIENT)).isEqualTo(1);
        assertThat(err.toString()).isEqualTo("standard output cannot be written\n");
    }

    @Test
    void serveAndDoctorReportTheSameFaults() throws IOException {
        Map<String, String> environment = DoorFiles.in(folder).environment();
        environment.remove("AGE_IDENT_PATH");
        environment.put("PORT", "");

        CommandRun serve = CommandRun.in(environment, new byte[0], "serve");
        CommandRun bare = CommandRun.in(environment, new byte[0]);
        CommandRun doctor = CommandRun.in(environment, new byte[0], "doctor");

        assertThat(serve.errors().lines())
                .hasSize(2)
                .containsExactlyElementsOf(new Judged(environment).lines());
        assertThat(bare.errors()).isEqualTo(serve.errors());
        assertThat(doctor.text()).isEqualTo(serve.errors());
        assertThat(Stream.of(serve, bare, doctor).map(CommandRun::exitCode)).containsOnly(1);
        assertThat(serve.output()).isEmpty();
    }

    @Test
    void doctorPrintsWarningsAndReadyToServe() throws IOException {
        Map<String, String> environment = DoorFiles.in(folder).environment();
        environment.put("MCP_LOCAL", "http://127.0.0.1:8000");

        CommandRun doctor = CommandRun.in(environment, new byte[0], "doctor");

        assertThat(doctor.exitCode()).isZero();
        assertThat(doctor.text())
                .startsWith("warning: MCP_LOCAL is shared")
                .endsWith("ready to serve\n");
    }

    /** Case jwks-url-query. */
    @Test
    void doctorAcceptsAJwksUrlWithAQuery() throws IOException {
        Map<String, String> environment = DoorFiles.in(folder).environment();
        environment.put(
                "KACHING_JWKS_URL", "https://contoso.b2clogin.test/discovery/v2.0/keys?p=signin");

        CommandRun doctor = CommandRun.in(environment, new byte[0], "doctor");

        assertThat(doctor.exitCode()).isZero();
        assertThat(doctor.text()).endsWith("ready to serve\n");
    }

    private static String[] words(String line) {
        return line.strip().split(" ");
    }

    private static String commandOf(String line) {
        return line.startsWith("client add") ? "client add" : words(line)[0];
    }
}

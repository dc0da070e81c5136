package services.chorus.seqthink.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.testing.Artefact;
import services.chorus.seqthink.testing.Canaries;
import services.chorus.seqthink.testing.CommandLineTool;
import services.chorus.seqthink.testing.CommandLineTool.Result;

/** The packaged commands that need no service. */
class CommandsIT {

    @TempDir Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"--help", "--version"})
    void helpAndVersionSucceed(String argument) throws Exception {
        Result run = Artefact.run(folder, Map.of(), argument);

        assertThat(run.exitCode()).isZero();
        assertThat(run.text()).contains("seqthink-wrapper");
        assertThat(run.errors()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "serve --nonsense", "seal", "open", "call", "client"})
    void anInvalidCommandLineFailsWithTwo(String arguments) throws Exception {
        Result run = Artefact.run(folder, Map.of(), arguments.split(" "));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.output()).isEmpty();
        assertThat(run.errors()).isNotBlank();
    }

    @Test
    void sealsAndOpensLargeFilesWithAGeneratedKey() throws Exception {
        String recipient =
                Artefact.run(folder, Map.of(), "keygen", "-o", "door.key").text().strip();
        Canaries.note(Files.readAllLines(folder.resolve("door.key")).getLast());
        byte[] large = new byte[1 << 20];
        new Random(1).nextBytes(large);

        byte[] sealed = Artefact.run(folder, Map.of(), large, "seal", "-r", recipient).orFail();
        byte[] opened = Artefact.run(folder, Map.of(), sealed, "open", "-i", "door.key").orFail();

        assertThat(opened).isEqualTo(large);
    }

    @Test
    void failsWithOneWhenItsOutputCannotBeWritten() throws Exception {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "exec \"$@\" >/dev/full", "sh"));
        command.addAll(Artefact.command());

        Result run =
                new CommandLineTool(command, folder, Map.of("PATH", System.getenv("PATH")))
                        .run("sealed".getBytes(UTF_8), "--help");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.errors()).isEqualTo("standard output cannot be written\n");
    }

    @Test
    void healthcheckFailsWithOneWhenNothingAnswers() throws Exception {
        Result run = Artefact.run(folder, Map.of("PORT", "1"), "healthcheck");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.errors())
                .isEqualTo(
                        "seqthink-wrapper healthcheck: http://127.0.0.1:1/q/health/started does not answer\n");
    }
}

package services.chorus.seqthink.cli;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import services.chorus.seqthink.testing.Artefact;
import services.chorus.seqthink.testing.CommandLineTool;
import services.chorus.seqthink.testing.CommandLineTool.Result;
import services.chorus.seqthink.testing.Service;

/** Follows the documents with the packaged program. */
class DocumentsIT {

    @TempDir Path folder;

    @Test
    void followsThePageOnSecrets() throws Exception {
        List<String> blocks = Document.read(Path.of("deploy/seqthink/SECRETS.md")).blocks("sh");
        CommandLineTool.needed("age", folder);
        assertThat(blocks).hasSizeGreaterThan(6);

        Result run = shell(String.join("\n", blocks));

        assertThat(run.exitCode()).as(run.errors()).isZero();
    }

    @Test
    void followsTheReadme() throws Exception {
        String block = String.join("\n", Document.read(Path.of("README.md")).blocks("sh"));
        assertThat(block).contains("PORT=8443");

        Result run =
                shell(
                        "trap 'kill $(jobs -p); wait' EXIT\n"
                                + block.replace("8443", "" + Service.freePort()));

        assertThat(run.exitCode()).as(run.errors()).isZero();
        assertThat(run.text()).contains("thoughtHistoryLength");
    }

    /** Ends at the first command that fails. */
    private Result shell(String commands) throws Exception {
        Path program = Files.createDirectory(folder.resolve("bin")).resolve("seqthink-wrapper");
        Files.writeString(
                program,
                Artefact.command().stream()
                        .map(word -> "'" + word + "'")
                        .collect(joining(" ", "#!/bin/sh\nexec ", " \"$@\"\n")));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        Files.createSymbolicLink(folder.resolve("deploy"), Path.of("deploy").toAbsolutePath());
        String path = program.getParent() + ":" + System.getenv("PATH");
        return new CommandLineTool(
                        List.of("bash"), folder, Map.of("PATH", path, "TMPDIR", "" + folder))
                .run("-euo", "pipefail", "-c", commands);
    }
}

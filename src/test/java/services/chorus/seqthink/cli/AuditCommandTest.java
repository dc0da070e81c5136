package services.chorus.seqthink.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import services.chorus.seqthink.audit.WrittenLog;

class AuditCommandTest {

    @TempDir Path folder;
    private Path key;
    private String publicKey;
    private List<Path> files;

    @BeforeEach
    void writeALogOfTwoFiles() throws Exception {
        key = folder.resolve("audit.jwk");
        publicKey = CommandRun.of("keygen", "--audit", "-o", key.toString()).text().strip();
        files = WrittenLog.ofTwoFiles(folder.resolve("audit.jsonl"), key);
    }

    @Test
    void verifiesALogUpToItsHead() throws IOException {
        CommandRun head = audit("head");
        CommandRun run = audit("verify", "--head", head.text().strip(), "--key", publicKey);

        assertThat(run.text())
                .isEqualTo(
                        """
                        %1$d records, the last is seq %1$d
                        proven up to seq %1$d
                        """
                                .formatted(records()));
        assertThat(run.exitCode()).isZero();
        assertThat(head.text()).startsWith(records() + ":");
    }

    @Test
    void reportsWhatIsUnprovenWithoutAHead() throws IOException {
        CommandRun bare = audit("verify");
        CommandRun signed = audit("verify", "--key", publicKey);

        assertThat(bare.exitCode()).isEqualTo(3);
        assertThat(bare.text())
                .contains("unproven from seq 1 on")
                .contains("unproven that the log ends with seq " + records());
        assertThat(signed.exitCode()).isEqualTo(3);
        assertThat(signed.text())
                .contains("proven up to seq " + records())
                .contains("without --head it could have been cut off");
    }

    @Test
    void saysThatAKeySignedNothing() throws IOException {
        String head = audit("head").text().strip();
        String other =
                CommandRun.of("keygen", "--audit", "-o", folder.resolve("other.jwk").toString())
                        .text()
                        .strip();

        CommandRun run = audit("verify", "--head", head, "--key", other);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.errors())
                .isEqualTo(
                        "none of these checkpoints is signed by the given key: check" + " --key\n");
    }

    @Test
    void namesFileAndLineOfAChangedRecord() throws IOException {
        String head = audit("head").text().strip();
        Path changed = files.get(1);
        String content = Files.readString(changed, UTF_8);
        Files.writeString(changed, content.replaceFirst("\"ms\":12", "\"ms\":13"));

        CommandRun run = audit("verify", "--head", head);

        assertThat(run.exitCode()).isEqualTo(1);
        long sequence =
                Long.parseLong(changed.toString().substring(changed.toString().length() - 16));
        assertThat(run.text()).startsWith("%s:1 seq %d: changed\n".formatted(changed, sequence));
        assertThat(run.text()).contains("faults: 1\n").doesNotContain("\nproven");
    }

    @Test
    void verifiesTheLaterFilesAlone() throws IOException {
        String head = audit("head").text().strip();
        String before = CommandRun.of("audit", "head", files.get(0).toString()).text().strip();
        String later = files.get(1).toString();

        assertThat(
                        CommandRun.of("audit", "verify", later, "--head", head, "--after", before)
                                .exitCode())
                .isZero();
        assertThat(CommandRun.of("audit", "verify", later, "--head", head).exitCode()).isEqualTo(1);
    }

    @Test
    void rejectsAnInvalidCommandLine() {
        assertThat(CommandRun.of("audit").exitCode()).isEqualTo(2);
        assertThat(CommandRun.of("audit", "verify").exitCode()).isEqualTo(2);
        CommandRun badHead = audit("verify", "--head", "12");
        assertThat(badHead.exitCode()).isEqualTo(2);
        assertThat(badHead.errors())
                .contains("'12' is not of the form SEQ:HASH, as audit head prints it");
        CommandRun badKey = audit("verify", "--key", "audit.jwk");
        assertThat(badKey.exitCode()).isEqualTo(2);
        assertThat(badKey.errors())
                .contains("not a public key of 43 characters, as keygen --audit prints");
        assertThat(CommandRun.of("audit", "verify", "none").errors())
                .contains("there is no file none");
    }

    @Test
    void rejectsTwoKindsOfKey() {
        assertThat(CommandRun.of("keygen", "--audit", "--door").exitCode()).isEqualTo(2);
    }

    private CommandRun audit(String command, String... options) {
        List<String> line = new ArrayList<>(List.of("audit", command));
        files.forEach(file -> line.add(file.toString()));
        line.addAll(List.of(options));
        return CommandRun.of(line.toArray(String[]::new));
    }

    private long records() throws IOException {
        long lines = 0;
        for (Path file : files) {
            lines += Files.readAllLines(file).size();
        }
        return lines;
    }
}

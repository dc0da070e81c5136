package services.chorus.seqthink.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.age.KeyFile;
import services.chorus.seqthink.testing.Canaries;
import services.chorus.seqthink.testing.CommandLineTool;

class RotateTest {

    private static final byte[] PLAINTEXT = "plaintext".getBytes(UTF_8);
    private static final String PRIVATE = "rw-------";

    @TempDir Path folder;
    private Path file;
    private String first;

    @BeforeEach
    void startWithOneIdentity() throws IOException {
        file = folder.resolve("door.key");
        first = CommandRun.of("keygen", "-o", file.toString()).text().strip();
    }

    @Test
    void rotatesFromOneIdentityToTheNext() throws IOException {
        String firstPrint = fingerprint(0);
        Matcher prepared =
                matched(
                        rotate("--prepare"),
                        "prepared: ([0-9a-f]{16}) (age1\\S+)\n"
                                + "when seqthink_keyring_keys is 2 at every replica, run:"
                                + " rotate --promote\n");
        String second = prepared.group(2);
        assertThat(recipients()).containsExactly(first, second);

        Instant before = Instant.now();
        Matcher promoted =
                matched(
                        rotate("--promote"),
                        "recipient: (age1\\S+)\nversion: 2\n"
                                + "retire ([0-9a-f]{16}) after (\\S+), when"
                                + " seqthink_keyring_key_idle_seconds\\{key=\"\\2\"} is above 86400"
                                + " at every replica: rotate --retire \\2\n");
        assertThat(promoted.group(1)).isEqualTo(second);
        assertThat(promoted.group(2)).isEqualTo(firstPrint);
        assertThat(Duration.between(before, Instant.parse(promoted.group(3))))
                .isBetween(
                        Duration.ofHours(24).minusSeconds(1), Duration.ofHours(24).plusSeconds(60));
        assertThat(recipients()).containsExactly(second, first);

        CommandRun retired = rotate("--retire", firstPrint);
        assertThat(new String(retired.orFail(), UTF_8)).isEqualTo(firstPrint + " is removed\n");
        assertThat(retired.errors()).startsWith("warning: until " + promoted.group(3));
        assertThat(recipients()).containsExactly(second);
        assertThat(Files.readString(file)).startsWith("# recipients-version: 2\n# created: ");
    }

    @Test
    void leavesAFileThatOnlyItsOwnerReadsAndNoOther() throws IOException {
        rotate("--prepare").orFail();

        assertThat(mode()).isEqualTo(PRIVATE);
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void keepsAModeThatOthersCanReadAndWarns() throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

        CommandRun run = rotate("--prepare");

        run.orFail();
        assertThat(mode()).isEqualTo("rw-r-----");
        assertThat(run.errors()).contains("has mode rw-r-----");
    }

    @Test
    void listsTheFile() throws IOException {
        rotate("--prepare").orFail();
        rotate("--promote").orFail();
        rotate("--prepare").orFail();
        Files.writeString(
                file,
                Files.readString(folder.resolve(extra("other.key"))),
                StandardOpenOption.APPEND);

        List<String> lines = new String(rotate().orFail(), UTF_8).lines().toList();

        assertThat(lines).hasSize(5).first().isEqualTo("version: 2");
        String time = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ";
        assertThat(lines.get(1))
                .matches(fingerprint(0) + "  current   since - +created " + time + "  age1\\S+");
        assertThat(lines.get(2)).contains("  retired   since 2").endsWith(first);
        assertThat(lines.get(3)).contains("  prepared  since 2");
        assertThat(lines.get(4)).contains("  other     since - ");
        assertThat(lines).noneMatch(line -> line.contains("SECRET"));
    }

    @Test
    void usesTheConfiguredFileByDefault() {
        Map<String, String> environment = Map.of("AGE_IDENT_PATH", file.toString());

        assertThat(CommandRun.in(environment, new byte[0], "rotate").text()).contains(first);
        assertThat(CommandRun.of("rotate").exitCode()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--prepare --promote",
                "--promote --compromised",
                "--prepare --retire 0123456789abcdef",
                "--promote --pq",
                "--pq",
                "--retire",
            })
    void rejectsInvalidCombinationsOfSteps(String arguments) throws IOException {
        String before = Files.readString(file);

        assertThat(rotate(arguments.split(" ")).exitCode()).isEqualTo(2);

        assertThat(file).hasContent(before);
    }

    @Test
    void rejectsImpossibleStepsAndLeavesTheFile() throws IOException {
        String before = Files.readString(file);
        for (String[] step :
                new String[][] {
                    {"--promote"}, {"--retire", fingerprint(0)}, {"--retire", "0123456789abcdef"}
                }) {
            CommandRun run = rotate(step);
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.errors()).startsWith("seqthink-wrapper rotate: ");
        }
        assertThat(file).hasContent(before);
        rotate("--prepare").orFail();
        assertThat(rotate("--prepare").exitCode()).isEqualTo(1);
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void replacesACompromisedIdentityAtOnce() throws IOException {
        String lost = fingerprint(0);

        CommandRun run = rotate("--compromised");

        Matcher matcher =
                matched(
                        run,
                        "recipient: (age1\\S+)\nversion: 2\n(\\S+) is removed: requests sealed to it"
                                + " are rejected with 422, and histories sealed to it are lost\n"
                                + "for up to an hour clients .*\n"
                                + "it was the only identity: .*\n");
        assertThat(matcher.group(2)).isEqualTo(lost);
        assertThat(recipients()).containsExactly(matcher.group(1)).doesNotContain(first);
    }

    @Test
    void removesAnotherCompromisedIdentityByItsFingerprint() throws IOException {
        rotate("--prepare").orFail();

        String removed = fingerprint(1);
        assertThat(new String(rotate("--compromised", removed).orFail(), UTF_8))
                .startsWith(removed + " is removed: ")
                .doesNotContain("up to an hour", "the only identity");

        assertThat(recipients()).containsExactly(first);
    }

    @Test
    void keepsMakingPostQuantumIdentities() throws IOException {
        rotate("--prepare", "--pq").orFail();
        assertThat(recipients().getLast()).startsWith("age1pq1");
        rotate("--promote").orFail();
        rotate("--prepare").orFail();
        assertThat(recipients().getLast()).startsWith("age1pq1");
        rotate("--compromised").orFail();
        rotate("--compromised").orFail();

        assertThat(recipients()).hasSize(2).first().asString().startsWith("age1pq1");
        byte[] sealed = CommandRun.of(PLAINTEXT, "seal", "-r", recipients().getFirst()).orFail();
        assertThat(CommandRun.of(sealed, "open", "-i", file.toString()).orFail())
                .isEqualTo(PLAINTEXT);
    }

    @Test
    void replacesTheTargetOfALink() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link.key"), file.getFileName());

        CommandRun.of("rotate", "-f", link.toString(), "--prepare").orFail();

        assertThat(link).isSymbolicLink();
        assertThat(recipients()).hasSize(2);
    }

    @Test
    void namesTheLineOfABrokenFileAndLeavesIt() throws IOException {
        Files.writeString(file, "# recipients-version: x\nhunter2\n");

        CommandRun run = rotate("--prepare");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.errors())
                .isEqualTo(
                        "seqthink-wrapper rotate: %s cannot be used as a file of age identities: Line 1: write it as:"
                                        .formatted(file)
                                + " # recipients-version: 2\n");
        assertThat(file).hasContent("# recipients-version: x\nhunter2\n");
    }

    @Test
    void leavesAFileThatIsBeingChanged() throws IOException {
        Path next = Files.createFile(folder.resolve("door.key.next"));
        String before = Files.readString(file);

        CommandRun run = rotate("--prepare");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.errors()).contains(next + " exists");
        assertThat(file).hasContent(before);
        assertThat(next).exists();
    }

    @Test
    void advisesWhatToDoWhenTheFolderCannotBeWritten() {
        // the kernel lets no user create files there, not even root
        Path mounted = Path.of("/proc/self/status");

        CommandRun run = CommandRun.of("rotate", "-f", mounted.toString(), "--prepare");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.errors()).contains("change a copy and publish that");
    }

    @Test
    void ageReadsRotatedFilesAndRotateReadsFilesOfAge() throws Exception {
        CommandLineTool age = CommandLineTool.needed("age", folder);
        CommandLineTool ageKeygen = CommandLineTool.needed("age-keygen", folder);
        Files.delete(file);
        ageKeygen.run("-o", file.toString()).orFail();
        first = ageKeygen.run("-y", file.toString()).text().strip();
        byte[] toTheFirst = age.run(PLAINTEXT, "-r", first).orFail();

        rotate("--prepare").orFail();
        rotate("--promote").orFail();

        List<String> known = ageKeygen.run("-y", file.toString()).text().lines().toList();
        assertThat(known).isEqualTo(recipients()).hasSize(2).last().isEqualTo(first);
        byte[] toTheSecond = age.run(PLAINTEXT, "-r", known.getFirst()).orFail();
        for (byte[] sealed : List.of(toTheFirst, toTheSecond)) {
            assertThat(age.run(sealed, "-d", "-i", file.toString()).orFail()).isEqualTo(PLAINTEXT);
            assertThat(CommandRun.of(sealed, "open", "-i", file.toString()).orFail())
                    .isEqualTo(PLAINTEXT);
        }

        rotate("--compromised", fingerprint(1)).orFail();
        assertThat(age.run(toTheFirst, "-d", "-i", file.toString()).exitCode()).isNotZero();
        assertThat(age.run(toTheSecond, "-d", "-i", file.toString()).orFail()).isEqualTo(PLAINTEXT);
    }

    private CommandRun rotate(String... arguments) {
        String[] all = new String[arguments.length + 3];
        all[0] = "rotate";
        all[1] = "-f";
        all[2] = file.toString();
        System.arraycopy(arguments, 0, all, 3, arguments.length);
        return CommandRun.of(all);
    }

    private List<String> recipients() throws IOException {
        Files.readAllLines(file).stream()
                .filter(line -> line.startsWith("AGE-SECRET-KEY-"))
                .forEach(Canaries::note);
        return KeyFile.identities(Files.readAllBytes(file)).stream()
                .map(identity -> identity.recipient().toString())
                .toList();
    }

    private String fingerprint(int index) throws IOException {
        return KeyFile.identities(Files.readAllBytes(file)).get(index).recipient().fingerprint();
    }

    private String extra(String name) {
        CommandRun.of("keygen", "-o", folder.resolve(name).toString()).orFail();
        return name;
    }

    private String mode() throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    private static Matcher matched(CommandRun run, String pattern) {
        String text = new String(run.orFail(), UTF_8);
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertThat(matcher.matches()).as(text).isTrue();
        return matcher;
    }
}

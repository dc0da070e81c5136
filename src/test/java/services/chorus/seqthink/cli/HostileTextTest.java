package services.chorus.seqthink.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import services.chorus.seqthink.config.Heap;
import services.chorus.seqthink.config.Sources;
import services.chorus.seqthink.testing.AgeKey;
import services.chorus.seqthink.testing.OwnFile;

/**
 * Text from outside that would control a terminal or begin a line of its own: in every argument of
 * every command, in every setting, and in files.
 */
class HostileTextTest {

    /** One of each kind that a terminal interprets, and lines in the name of the command. */
    static final String HOSTILE =
            "a\u0007\u001b]0;b\u007f\u0085\u009b31m\u009d\u00ad\u200b\u200e\u202e\u2066\u2028\u2029"
                    + "\ufeff\nFORGED\r\nFORGED\rFORGED";

    private static final String WITH_NUL = "\0" + HOSTILE;

    @TempDir Path folder;
    private Map<String, String> environment;

    @BeforeEach
    void writeFiles() throws IOException {
        environment = new HashMap<>(IssuerFolder.withClients(folder).environment());
    }

    /**
     * Fails when a terminal would interpret the output, or when a line of it is not the command's.
     */
    static void assertIsVisible(String printed, String what) {
        assertThat(printed.replace("\n", "").codePoints())
                .as(what)
                .allMatch(HostileTextTest::isShown);
        assertThat(printed.lines()).as(what).noneMatch(line -> line.startsWith("FORGED"));
    }

    @Test
    void inEveryArgumentOfEveryCommand() {
        List<List<String>> lines = new ArrayList<>();
        collect(Main.commandLine(CommandContext.ofThisProcess()), List.of(), lines);
        assertThat(lines).hasSizeGreaterThan(100);
        for (List<String> line : lines) {
            for (String hostile : List.of(HOSTILE, WITH_NUL)) {
                String[] words =
                        line.stream()
                                .map(word -> word.replace("HOSTILE", hostile))
                                .toArray(String[]::new);
                CommandRun run = CommandRun.in(environment, "{}".getBytes(UTF_8), words);
                assertThat(run.text() + run.errors()).as(line::toString).isNotEmpty();
                assertIsVisible(run.text() + run.errors(), line.toString());
            }
        }
    }

    @Test
    void inEverySetting() throws IOException {
        Map<String, String> whole = DoorFiles.in(folder).environment();
        whole.putAll(environment);
        whole.put("ROLES", "door,issuer");
        for (String name : whole.keySet()) {
            Map<String, String> changed = new HashMap<>(whole);
            changed.put(name, HOSTILE);
            for (List<String> words :
                    List.of(List.of("doctor"), List.of("issuer", "rotate"), List.of("rotate"))) {
                CommandRun run = CommandRun.in(changed, new byte[0], words.toArray(String[]::new));
                assertIsVisible(run.text() + run.errors(), name + " of " + words);
            }
        }
    }

    @Test
    void inFiles() throws IOException {
        AgeKey key = AgeKey.generate();
        String own = OwnFile.write(folder.resolve("own.key"), key.secret()).toString();
        String file = folder.resolve("hostile").toString();
        for (String content :
                List.of(
                        HOSTILE,
                        "\"" + HOSTILE,
                        "{\"" + HOSTILE + "\":\"" + HOSTILE + "\"}",
                        "[limits]\n\"" + HOSTILE + "\" = 1\n",
                        "[\"" + HOSTILE)) {
            OwnFile.write(Path.of(file), content);
            for (List<String> words :
                    List.of(
                            List.of("doctor", "--config", file),
                            List.of("open", "-i", file),
                            List.of("open", "-i", own, "--binding", file),
                            List.of("seal", "-R", file),
                            List.of("rotate", "-f", file),
                            List.of("client", "list", "--file", file),
                            List.of("client", "add", "new", "--public-key", file),
                            List.of("issuer", "rotate", "-f", file),
                            List.of("issuer", "revoke", "--token", file),
                            List.of("issuer", "restore", "-i", own, file),
                            List.of("audit", "verify", file),
                            List.of("audit", "head", file),
                            tokenCall(own, file),
                            knownDoors(own, file))) {
                CommandRun run =
                        CommandRun.in(
                                environment, "{}".getBytes(UTF_8), words.toArray(String[]::new));
                if (!words.getFirst().equals("seal")) {
                    assertThat(run.exitCode()).as(words::toString).isNotZero();
                }
                assertIsVisible(run.text() + run.errors(), words.toString());
            }
        }
    }

    /** The help and the suggestions are printed by the library, through a writer of its own. */
    @Test
    void whatTheLibraryPrintsIsEscapedToo() {
        var printed = new ByteArrayOutputStream();
        CommandContext context =
                new CommandContext(
                        new Sources(Map.of(), Map.of()),
                        InputStream.nullInputStream(),
                        new PrintStream(printed, true, UTF_8),
                        new PrintStream(printed, true, UTF_8),
                        new Heap(1L << 30),
                        Duration.ofSeconds(1));
        CommandLine line = Main.commandLine(context);

        line.getOut().println("one\u009b\ntwo \u00fc");
        line.getErr().print("three\u2028\n");
        line.getErr().flush();

        assertThat(printed.toString(UTF_8)).isEqualTo("one\\u009b\ntwo \u00fc\nthree\\u2028\n");
    }

    private static List<String> tokenCall(String own, String file) {
        return List.of("call", "http://127.0.0.1:1", "-R", file, "-i", own, "--token-file", file);
    }

    private static List<String> knownDoors(String own, String file) {
        return List.of(
                "call",
                "http://127.0.0.1:1",
                "--known-doors",
                file,
                "-i",
                own,
                "--token-file",
                file);
    }

    /** Command lines with one hostile argument each. */
    private static void collect(CommandLine command, List<String> name, List<List<String>> lines) {
        for (ArgSpec each : command.getCommandSpec().args()) {
            if (each.isOption() && each.arity().max() > 0) {
                lines.add(with(name, ((OptionSpec) each).longestName() + "=" + value(each)));
            }
        }
        lines.add(with(name, "HOSTILE"));
        lines.add(with(name, "--HOSTILE"));
        lines.add(with(name, "-HOSTILE"));
        lines.add(with(name, "--help=HOSTILE"));
        command.getSubcommands().forEach((word, each) -> collect(each, with(name, word), lines));
    }

    /** No file is created: its folder is missing. */
    private static String value(ArgSpec argument) {
        return SecretFilesTest.isFile(argument) ? "/absent/HOSTILE" : "HOSTILE";
    }

    private static List<String> with(List<String> before, String last) {
        return Stream.concat(before.stream(), Stream.of(last)).toList();
    }

    private static boolean isShown(int code) {
        return switch (Character.getType(code)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE ->
                    code == '\t';
            default -> true;
        };
    }
}

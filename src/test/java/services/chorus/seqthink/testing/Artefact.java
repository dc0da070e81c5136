package services.chorus.seqthink.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import services.chorus.seqthink.testing.CommandLineTool.Result;

/**
 * What the build packaged: the binary of a native build, else the jar. Its standard error is kept
 * among the logs that {@code LogSecrecyIT} reads.
 */
public final class Artefact {

    private static final Path LOGS = Path.of("target", "it-logs");

    private Artefact() {}

    /** The command that starts it. */
    public static List<String> command() {
        return isNative()
                ? List.of(path())
                : List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-jar",
                        path());
    }

    public static boolean isNative() {
        return !path().endsWith(".jar");
    }

    private static String path() {
        return System.getProperty("artefact");
    }

    /** Runs a command until it ends, in a folder and with this environment only. */
    public static Result run(
            Path folder, Map<String, String> environment, byte[] input, String... arguments)
            throws IOException, InterruptedException {
        Result result = new CommandLineTool(command(), folder, environment).run(input, arguments);
        String name = arguments.length == 0 ? "serve" : arguments[0];
        Files.writeString(newLog(name), result.errors());
        return result;
    }

    /** The same without input. */
    public static Result run(Path folder, Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        return run(folder, environment, new byte[0], arguments);
    }

    static Path newLog(String name) throws IOException {
        Files.createDirectories(LOGS);
        return Files.createTempFile(LOGS, name + "-", ".log");
    }
}

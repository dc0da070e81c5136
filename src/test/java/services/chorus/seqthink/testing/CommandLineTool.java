package services.chorus.seqthink.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * An installed program, run in a folder.
 *
 * @param command the program and its first arguments
 * @param folder its working folder, also for temporary files
 * @param environment its whole environment
 */
public record CommandLineTool(List<String> command, Path folder, Map<String, String> environment) {

    private static final long PATIENCE_SECONDS = 120;

    /** With this process's environment. */
    public CommandLineTool(Path program, Path folder) {
        this(List.of(program.toString()), folder, System.getenv());
    }

    /** The result of a run. */
    public record Result(int exitCode, byte[] output, String errors) {

        /** The output of a run that must not fail. */
        public byte[] orFail() {
            assertThat(exitCode).as(errors).isZero();
            return output;
        }

        /** The output as text. */
        public String text() {
            return new String(output, StandardCharsets.UTF_8);
        }
    }

    /** A program that a test needs, see {@link #missing(String)}. */
    public static CommandLineTool needed(String name, Path folder) {
        return find(name)
                .map(program -> new CommandLineTool(program, folder))
                .orElseGet(() -> missing("Install " + name));
    }

    public static Optional<Path> find(String name) {
        return Pattern.compile(File.pathSeparator)
                .splitAsStream(System.getenv("PATH"))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Ends a test whose prerequisite is missing: skips it, or fails it if {@code CI} is true. */
    public static <T> T missing(String message) {
        return "true".equals(System.getenv("CI")) ? fail(message) : abort(message);
    }

    public Result run(String... arguments) throws IOException, InterruptedException {
        return run(new byte[0], arguments);
    }

    public Result run(byte[] input, String... arguments) throws IOException, InterruptedException {
        Path in = Files.write(Files.createTempFile(folder, "in", null), input);
        Path out = Files.createTempFile(folder, "out", null);
        Path err = Files.createTempFile(folder, "err", null);
        ProcessBuilder builder =
                new ProcessBuilder(Stream.concat(command.stream(), Stream.of(arguments)).toList())
                        .directory(folder.toFile())
                        .redirectInput(in.toFile())
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .as("%s ends in time", command.getFirst())
                    .isTrue();
            return new Result(process.exitValue(), Files.readAllBytes(out), Files.readString(err));
        } finally {
            process.destroyForcibly();
            for (Path file : Stream.of(in, out, err).toList()) {
                Files.delete(file);
            }
        }
    }
}

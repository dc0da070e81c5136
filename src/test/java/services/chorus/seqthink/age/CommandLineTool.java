package services.chorus.seqthink.age;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A program of this machine, run in a folder. */
record CommandLineTool(Path program, Path folder) {

    private static final long PATIENCE_SECONDS = 120;

    /** What a run left. */
    record Result(int exitCode, byte[] output, String errors) {

        /** The output of a run that must not fail. */
        byte[] orFail() {
            assertThat(exitCode).as(errors).isZero();
            return output;
        }
    }

    static Optional<Path> find(String name) {
        return Pattern.compile(File.pathSeparator)
                .splitAsStream(System.getenv("PATH"))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Ends a test that lacks what this machine should have: skipped at home, failed in CI. */
    static <T> T missing(String message) {
        return "true".equals(System.getenv("CI")) ? fail(message) : abort(message);
    }

    Result run(String... arguments) throws IOException, InterruptedException {
        return run(new byte[0], arguments);
    }

    Result run(byte[] input, String... arguments) throws IOException, InterruptedException {
        Path in = Files.write(Files.createTempFile(folder, "in", null), input);
        Path out = Files.createTempFile(folder, "out", null);
        Path err = Files.createTempFile(folder, "err", null);
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(arguments));
        Process process =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectInput(in.toFile())
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile())
                        .start();
        try {
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .as("%s ends in time", program)
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

package services.chorus.seqthink.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Map;
import services.chorus.seqthink.client.GatewayClient.Timeouts;
import services.chorus.seqthink.config.Heap;
import services.chorus.seqthink.config.Sources;

/** The result of a command that ran in this process. */
record CommandRun(int exitCode, byte[] output, String errors) {

    static CommandRun of(byte[] input, String... arguments) {
        return in(Map.of(), input, arguments);
    }

    static CommandRun of(String... arguments) {
        return of(new byte[0], arguments);
    }

    static CommandRun in(Map<String, String> environment, byte[] input, String... arguments) {
        return in(environment, input, Timeouts.SILENCE, arguments);
    }

    /** A run that waits that long for a stream's next byte. */
    static CommandRun patient(Duration patience, String... arguments) {
        return in(Map.of(), new byte[0], patience, arguments);
    }

    private static CommandRun in(
            Map<String, String> environment, byte[] input, Duration patience, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exitCode =
                Main.run(
                        new CommandContext(
                                new Sources(environment, Map.of()),
                                new ByteArrayInputStream(input),
                                new PrintStream(out, false, UTF_8),
                                new PrintStream(err, false, UTF_8),
                                new Heap(1L << 30),
                                patience),
                        arguments);
        return new CommandRun(exitCode, out.toByteArray(), err.toString(UTF_8));
    }

    String text() {
        return new String(output, UTF_8);
    }

    /** The output of a run that must not fail. */
    byte[] orFail() {
        assertThat(exitCode).as(errors).isZero();
        return output;
    }
}

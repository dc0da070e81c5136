package services.chorus.seqthink.app;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import services.chorus.seqthink.age.X25519Identity;
import services.chorus.seqthink.cli.Main;

/** The commands need the same memory for a file of any size. */
class SmallMemoryTest {

    private static final long SIZE = 256L << 20;
    private static final String HEAP = "-Xmx32m";

    @TempDir private Path folder;

    @Test
    void sealsAndOpensEightTimesWhatItCanHold() throws Exception {
        X25519Identity identity = X25519Identity.generate();
        Path identities = folder.resolve("identities.txt");
        Files.writeString(identities, new String(identity.encode(), US_ASCII));
        Path zeros = folder.resolve("zeros");
        try (RandomAccessFile sparse = new RandomAccessFile(zeros.toFile(), "rw")) {
            sparse.setLength(SIZE);
        }

        List<Process> commands =
                ProcessBuilder.startPipeline(
                        List.of(
                                command("seal", "-r", identity.recipient().toString())
                                        .redirectInput(zeros.toFile()),
                                command("open", "-i", identities.toString())));
        long opened = countZeros(commands.getLast().getInputStream());

        for (Process command : commands) {
            assertThat(command.waitFor()).isZero();
        }
        assertThat(opened).isEqualTo(SIZE);
    }

    private static ProcessBuilder command(String... arguments) {
        List<String> command = new ArrayList<>();
        Collections.addAll(
                command,
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                HEAP,
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName());
        Collections.addAll(command, arguments);
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    }

    private static long countZeros(InputStream in) throws Exception {
        byte[] zeros = new byte[1 << 16];
        byte[] buffer = new byte[zeros.length];
        long count = 0;
        for (int read; (read = in.readNBytes(buffer, 0, buffer.length)) > 0; count += read) {
            assertThat(Arrays.equals(buffer, 0, read, zeros, 0, read)).isTrue();
        }
        return count;
    }
}

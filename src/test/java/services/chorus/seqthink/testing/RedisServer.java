package services.chorus.seqthink.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A Redis on loopback for one test, with nothing on disk; closing it ends it. */
public final class RedisServer implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final List<String> command;
    private final Path log;
    private final int port;
    private Process process;

    private RedisServer(List<String> command, Path log, int port) {
        this.command = command;
        this.log = log;
        this.port = port;
    }

    /**
     * Starts one and waits until its port is open.
     *
     * @param folder of its log
     * @param options such as {@code --requirepass} and a password
     */
    public static RedisServer start(Path folder, String... options) throws IOException {
        int port = Service.freePort();
        return start(folder, port, List.of("--port", "" + port), options);
    }

    /** Starts one that speaks TLS only, with certificate and key from these PEM files. */
    public static RedisServer startTls(Path folder, Path certificate, Path key) throws IOException {
        int port = Service.freePort();
        return start(
                folder,
                port,
                List.of("--port", "0", "--tls-port", "" + port),
                "--tls-cert-file",
                certificate.toString(),
                "--tls-key-file",
                key.toString(),
                "--tls-auth-clients",
                "no");
    }

    private static RedisServer start(
            Path folder, int port, List<String> listening, String... options) throws IOException {
        Path program =
                CommandLineTool.find("redis-server")
                        .orElseGet(() -> CommandLineTool.missing("Install redis-server"));
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(listening);
        command.addAll(List.of("--bind", "127.0.0.1", "--save", "", "--appendonly", "no"));
        command.addAll(List.of("--dir", folder.toString()));
        command.addAll(List.of(options));
        Path log = Files.createTempFile(folder, "redis", ".log");
        RedisServer server = new RedisServer(command, log, port);
        server.restart();
        return server;
    }

    public int port() {
        return port;
    }

    /** Its {@code STATE_URL}, without user and password. */
    public String url() {
        return "redis://127.0.0.1:" + port;
    }

    /** Ends it at once, as a crash would. */
    public void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** Stops it from answering; its connections stay open. */
    public void suspend() throws IOException, InterruptedException {
        signal("-STOP");
    }

    /** Lets it answer again. */
    public void resume() throws IOException, InterruptedException {
        signal("-CONT");
    }

    /** Starts it again, empty, on the same port. */
    public void restart() throws IOException {
        process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                        .start();
        try {
            await().atMost(PATIENCE).pollDelay(Duration.ZERO).until(this::listens);
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    @Override
    public void close() {
        kill();
    }

    private boolean listens() throws IOException {
        assertThat(process.isAlive()).as(() -> read(log)).isTrue();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private void signal(String signal) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", signal, "" + process.pid()).start();
        assertThat(kill.waitFor()).isZero();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }
}

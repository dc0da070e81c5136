package services.chorus.seqthink.testing;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The packaged service as a process of its own, on loopback; closing it ends the process. */
public final class Service implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern START_LINE = Pattern.compile("listening on (\\S+):(\\d+) as");

    private final Process process;
    private final Path log;
    private final String origin;
    private MatchResult startLine;

    private Service(Process process, Path log, String origin) {
        this.process = process;
        this.log = log;
        this.origin = origin;
    }

    /**
     * Starts one and waits until its port is open.
     *
     * @param environment its variables; by default it has a free port, loopback, and debug logging
     * @param arguments its command line
     */
    public static Service start(String name, Map<String, String> environment, String... arguments)
            throws IOException {
        return startIn(Path.of("").toAbsolutePath(), name, environment, arguments);
    }

    /** The same, in a folder. */
    public static Service startIn(
            Path folder, String name, Map<String, String> environment, String... arguments)
            throws IOException {
        Path log = Artefact.newLog(name);
        ProcessBuilder builder =
                new ProcessBuilder(
                                Stream.concat(Artefact.command().stream(), Stream.of(arguments))
                                        .toList())
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile());
        builder.environment().clear();
        builder.environment().putAll(withDefaults(environment));
        // the certificates of tests are for a name
        String origin =
                environment.containsKey("TLS_CERT_PATH") ? "https://localhost" : "http://127.0.0.1";
        Service service = new Service(builder.start(), log, origin);
        try {
            service.awaitPort();
            return service;
        } catch (RuntimeException | Error e) {
            service.close();
            throw e;
        }
    }

    /**
     * The same with a heap limit.
     *
     * @param megabytes the limit, in MiB
     */
    public static Service startWithHeap(int megabytes, String name, Map<String, String> environment)
            throws IOException {
        String limit = "-Xmx%dm".formatted(megabytes);
        if (Artefact.isNative()) {
            return start(name, environment, "serve", limit);
        }
        Map<String, String> all = new HashMap<>(environment);
        all.put("JAVA_TOOL_OPTIONS", limit + " -XX:+ExitOnOutOfMemoryError");
        return start(name, all);
    }

    /** A port that was free a moment ago, for tests that must know it before the start. */
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    public String url() {
        return origin + ":" + port();
    }

    public String port() {
        return startLine.group(2);
    }

    /** The address in its start line. */
    public String address() {
        return startLine.group(1);
    }

    /** The id of its process. */
    public long pid() {
        return process.pid();
    }

    /** All lines that it has logged. */
    public List<String> log() {
        try {
            return Files.readAllLines(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private void awaitPort() {
        await().atMost(PATIENCE).until(() -> !process.isAlive() || startLineFound());
        if (startLine == null) {
            throw new AssertionError("The service did not start:\n" + String.join("\n", log()));
        }
        AcceptingGateway.awaitAt(url());
    }

    private boolean startLineFound() {
        startLine =
                log().stream()
                        .flatMap(line -> START_LINE.matcher(line).results())
                        .findFirst()
                        .orElse(null);
        return startLine != null;
    }

    private static Map<String, String> withDefaults(Map<String, String> environment) {
        Map<String, String> all =
                new HashMap<>(
                        Map.of(
                                "PORT", "0",
                                "BIND_ADDRESS", "127.0.0.1",
                                "ALLOWED_HOSTS", "127.0.0.1,localhost",
                                "LOG_LEVEL", "debug"));
        all.putAll(environment);
        if (environment.containsKey("PORT_REST") && !environment.containsKey("PORT")) {
            all.remove("PORT");
        }
        return all;
    }
}

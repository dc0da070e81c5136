package services.chorus.seqthink.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import services.chorus.seqthink.testing.Service;

/** What both images promise about memory: the heap is half of it, and a full heap ends them. */
class OutOfMemoryIT {

    /** Of {@code -XX:+ExitOnOutOfMemoryError}, on the JVM and natively. */
    private static final int OUT_OF_MEMORY = 3;

    /** Enough to start with; also the least that the native image accepts. */
    private static final String SMALL_HEAP = "-Xmx20m";

    private static final Path OPTIONS = Path.of("src", "main", "docker", "java.options");

    @TempDir Path folder;

    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(5))
                    .build();
    private int port;
    private Process process;

    @BeforeEach
    void choosePort() throws IOException {
        port = Service.freePort();
    }

    @AfterEach
    void end() {
        process.destroyForcibly();
        http.close();
    }

    @Test
    void halfOfTheMemoryIsHeap() throws Exception {
        start();

        String metrics = http.send(request("/metrics").build(), BodyHandlers.ofString()).body();
        assertThat(value(metrics, "seqthink_heap_limit_bytes"))
                .isLessThanOrEqualTo(value(metrics, "seqthink_memory_limit_bytes") * 0.51);
    }

    @Test
    void aFullHeapEndsTheProcess() throws Exception {
        start(SMALL_HEAP);
        HttpRequest large =
                request("/mcp/tool")
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofByteArray(new byte[30 << 20]))
                        .build();
        http.sendAsync(large, BodyHandlers.discarding());

        assertThat(process.waitFor(Duration.ofSeconds(60))).isTrue();
        assertThat(process.exitValue()).isEqualTo(OUT_OF_MEMORY);
    }

    private void start(String... heap) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command(heap))
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("log").toFile());
        builder.environment().clear();
        builder.environment()
                .putAll(
                        Map.of(
                                "INSECURE_DEV", "true",
                                "PORT", Integer.toString(port),
                                "MAX_BODY_MB", "32",
                                "MAX_INFLIGHT_MB", "128"));
        process = builder.start();
        await().atMost(Duration.ofSeconds(60)).ignoreExceptions().until(this::answers);
    }

    private boolean answers() throws Exception {
        return http.send(request("/health").build(), BodyHandlers.discarding()).statusCode() == 200;
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    }

    /** With the options of its image: those of the binary are built in. */
    private static List<String> command(String... heap) throws IOException {
        Path artefact = Path.of(System.getProperty("artefact"));
        List<String> command = new ArrayList<>();
        if (artefact.toString().endsWith(".jar")) {
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            Files.readAllLines(OPTIONS).stream()
                    .filter(line -> line.startsWith("-XX:"))
                    .forEach(command::add);
            command.addAll(List.of(heap));
            command.addAll(List.of("-jar", artefact.toString(), "serve"));
        } else {
            command.addAll(List.of(artefact.toString(), "serve"));
            command.addAll(List.of(heap));
        }
        return command;
    }

    private static double value(String metrics, String name) {
        return metrics.lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length())))
                .findFirst()
                .orElseThrow();
    }
}

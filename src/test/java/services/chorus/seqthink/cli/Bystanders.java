package services.chorus.seqthink.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import services.chorus.seqthink.testing.Service;

/**
 * A well-behaved caller and a probe that use a service while others attack it. The probe opens a
 * connection for each request; both send several requests a second until {@link #close}.
 */
final class Bystanders implements AutoCloseable {

    private static final Duration PAUSE = Duration.ofMillis(150);
    private static final int TIMEOUT_MILLIS = 10_000;
    private static final List<String> PROBES = List.of("/health", "/ready", "/metrics");

    private final URI service;
    private final CountDownLatch over = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();
    private final List<Long> nanos = Collections.synchronizedList(new ArrayList<>());
    private final List<String> failures = Collections.synchronizedList(new ArrayList<>());
    private int probes;

    /**
     * @param call one call of the caller; throws or returns false when its answer is wrong
     */
    Bystanders(Service service, Callable<Boolean> call) {
        this.service = URI.create(service.url());
        repeat("caller", call);
        repeat("probe", this::probe);
    }

    /** The longest that one of them waited for an answer. */
    Duration longest() {
        return Duration.ofNanos(Collections.max(nanos));
    }

    int answers() {
        return nanos.size();
    }

    /** How many of the answers took longer. */
    long slowerThan(Duration wait) {
        return List.copyOf(nanos).stream().filter(each -> each > wait.toNanos()).count();
    }

    List<String> failures() {
        return failures;
    }

    @Override
    public void close() {
        over.countDown();
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void repeat(String name, Callable<Boolean> work) {
        threads.add(
                Thread.ofPlatform()
                        .name(name)
                        .start(
                                () -> {
                                    try {
                                        do {
                                            once(name, work);
                                        } while (!over.await(
                                                PAUSE.toMillis(), TimeUnit.MILLISECONDS));
                                    } catch (InterruptedException e) {
                                        Thread.currentThread().interrupt();
                                    }
                                }));
    }

    private void once(String name, Callable<Boolean> work) {
        long started = System.nanoTime();
        try {
            if (!work.call()) {
                failures.add(name + ": wrong answer");
            }
        } catch (Exception | AssertionError e) {
            failures.add(name + ": " + e);
        }
        nanos.add(System.nanoTime() - started);
    }

    private boolean probe() throws IOException {
        String path = PROBES.get(probes++ % PROBES.size());
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(service.getHost(), service.getPort()), TIMEOUT_MILLIS);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getOutputStream()
                    .write(
                            "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                                    .formatted(path)
                                    .getBytes(US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), US_ASCII)
                    .startsWith("HTTP/1.1 200 ");
        }
    }
}

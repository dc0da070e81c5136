package services.chorus.seqthink.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static services.chorus.seqthink.cli.Strangers.END_HEADERS;
import static services.chorus.seqthink.cli.Strangers.END_STREAM;
import static services.chorus.seqthink.cli.Strangers.frame;
import static services.chorus.seqthink.cli.Strangers.repeated;

import io.restassured.response.Response;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.testing.Artefact;
import services.chorus.seqthink.testing.Canaries;
import services.chorus.seqthink.testing.Client;
import services.chorus.seqthink.testing.Scrape;
import services.chorus.seqthink.testing.Service;
import services.chorus.seqthink.testing.TestIssuer;

/**
 * Attacks on the memory, the connections and the shared budgets of a packaged gateway with a heap
 * of 256 MiB. During each attack a caller and a probe get every answer within a second; after it
 * the memory and the number of connections are as before. Each attack prints the longest wait.
 *
 * <p>The attackers hold what they can get rather than burn processor time, since they share two
 * cores with the gateway. The caller and the probe come from another address than the attackers.
 */
class OpenNetworkIT {

    private static final Duration ATTACK = Duration.ofSeconds(4);

    /** Of half of the answers at least, since machines of builds are shared. */
    private static final Duration USUAL = Duration.ofSeconds(1);

    /** A fraction of it on two quiet cores; without a protection it is forever. */
    private static final Duration LONGEST = Duration.ofSeconds(5);

    private static final int INITIAL_WINDOW_SIZE = 4;
    private static final int ENABLE_PUSH = 2;
    private static final int HEAP_TOLERANCE = 32 << 20; // of which histories fill a part
    private static final int MAX_BODY = 4 * 1024 * 1024;

    @TempDir static Path folder;
    @AutoClose static TestIssuer issuer;
    @AutoClose static Service service;
    static DoorFiles files;
    static Client caller;
    static int thoughts;
    static double connectionsBefore;
    static double heapBefore;

    @BeforeAll
    static void start() throws Exception {
        issuer = TestIssuer.start();
        files = DoorFiles.in(folder);
        Map<String, String> environment = files.environment();
        environment.put("KACHING_JWKS_URL", issuer.jwksUrl());
        environment.put("RATE_LIMIT_PER_MINUTE", "10000");
        environment.put("LOG_LEVEL", "info");
        service = Service.startWithHeap(256, "OpenNetworkIT", environment);
        caller = newCaller();
        for (int i = 0; i < 100; i++) { // a cold JVM is slow
            call();
            Scrape.of(service);
        }
        connectionsBefore = connections();
        heapBefore = heapInUse();
    }

    @AfterAll
    static void losesNoThought() throws Exception {
        assertThat(call()).isTrue();
    }

    /** Unread answers fill the memory of a server that does not limit them. */
    @ParameterizedTest
    @ValueSource(strings = {"/metrics", "/health", "/.well-known/age-recipients", "/nowhere"})
    void http2WithoutAWindow(String path, TestInfo test) throws Exception {
        byte[] get = Strangers.get(path);
        try (Strangers strangers = new Strangers(service);
                Bystanders bystanders = new Bystanders(service, OpenNetworkIT::call)) {
            List<SocketChannel> sockets = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                SocketChannel socket = strangers.connectHttp2(40, INITIAL_WINDOW_SIZE, i % 3);
                if (i % 2 == 0) { // the others never confirm the limit of streams
                    Strangers.send(socket, frame(Strangers.SETTINGS, 1, 0, new byte[0]));
                }
                sockets.add(socket);
            }
            int stream = 1;
            for (Instant end = Instant.now().plus(ATTACK); Instant.now().isBefore(end); ) {
                for (SocketChannel socket : sockets) {
                    Strangers.send(socket, headers(stream, get));
                }
                stream += 2;
                pause();
            }
            report(test, bystanders);
        }
        assertRecovered();
    }

    @ParameterizedTest
    @ValueSource(ints = {Strangers.PING, Strangers.SETTINGS})
    void http2FramesThatMustBeAnswered(int type, TestInfo test) throws Exception {
        byte[] one = frame(type, 0, 0, new byte[type == Strangers.PING ? 8 : 0]);
        holdWith(test, 20, repeated(one, 100));
    }

    @Test
    void http2StreamsThatAreResetAtOnce(TestInfo test) throws Exception {
        byte[] get = Strangers.get("/metrics");
        try (Strangers strangers = new Strangers(service);
                Bystanders bystanders = new Bystanders(service, OpenNetworkIT::call)) {
            List<SocketChannel> sockets = http2(strangers, 20);
            int stream = 1;
            for (Instant end = Instant.now().plus(ATTACK); Instant.now().isBefore(end); ) {
                for (SocketChannel socket : sockets) {
                    Strangers.send(socket, headers(stream, get));
                    Strangers.send(socket, frame(Strangers.RST_STREAM, 0, stream, new byte[4]));
                }
                stream += 2;
                pause();
            }
            report(test, bystanders);
        }
        assertRecovered();
    }

    @Test
    void http2HeadsWithoutEnd(TestInfo test) throws Exception {
        byte[] fields = repeated(Strangers.field("x-a", "b".repeat(100)), 100);
        try (Strangers strangers = new Strangers(service);
                Bystanders bystanders = new Bystanders(service, OpenNetworkIT::call)) {
            List<SocketChannel> sockets = http2(strangers, 20);
            for (SocketChannel socket : sockets) {
                Strangers.send(socket, frame(Strangers.HEADERS, END_STREAM, 1, new byte[0]));
            }
            for (Instant end = Instant.now().plus(ATTACK); Instant.now().isBefore(end); ) {
                for (SocketChannel socket : sockets) {
                    Strangers.send(socket, frame(Strangers.CONTINUATION, 0, 1, fields));
                }
                pause();
            }
            report(test, bystanders);
        }
        assertRecovered();
    }

    /** More connections than the gateway keeps, in four ways of sending no request. */
    @ParameterizedTest
    @ValueSource(
            strings = {"", "GET /health HT", "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"})
    void connectionsWithoutEnd(String first, TestInfo test) throws Exception {
        try (Strangers strangers = new Strangers(service);
                Bystanders bystanders = new Bystanders(service, OpenNetworkIT::call)) {
            List<SocketChannel> sockets = new ArrayList<>();
            for (int i = 0; i < 5000; i++) {
                sockets.add(strangers.connect(50));
                Strangers.send(sockets.getLast(), first.getBytes(US_ASCII));
            }
            for (Instant end = Instant.now().plus(ATTACK); Instant.now().isBefore(end); ) {
                if (first.endsWith("HT")) { // a byte now and then
                    sockets.forEach(socket -> Strangers.send(socket, new byte[] {'T'}));
                }
                Thread.sleep(500);
            }
            assertThat(strangers.open()).isLessThan(5000);
            report(test, bystanders);
        }
        assertRecovered();
    }

    @Test
    void requestsWhoseAnswersNobodyReads(TestInfo test) throws Exception {
        String get = "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n";
        holdWith(test, 400, repeated(get.getBytes(US_ASCII), 20));
    }

    /** A caller that withholds the last byte of each body, on every connection that it gets. */
    @Test
    void bodiesWithoutEnd(TestInfo test) throws Exception {
        String head =
                "POST /mcp/tool HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n"
                                .formatted(newCaller().token())
                        + "Content-Type: application/age\r\nContent-Length: %d\r\n\r\n"
                                .formatted(MAX_BODY);
        byte[] part = new byte[64 * 1024];
        try (Strangers strangers = new Strangers(service);
                Bystanders bystanders = new Bystanders(service, OpenNetworkIT::call)) {
            List<SocketChannel> sockets = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                sockets.add(strangers.connect(10));
                Strangers.send(sockets.getLast(), head.getBytes(US_ASCII));
            }
            int[] left = new int[sockets.size()];
            Arrays.fill(left, MAX_BODY - 1);
            for (Instant end = Instant.now().plus(ATTACK); Instant.now().isBefore(end); ) {
                for (int i = 0; i < left.length; i++) {
                    if (left[i] >= part.length && Strangers.send(sockets.get(i), part)) {
                        left[i] -= part.length;
                    }
                }
                pause();
            }
            report(test, bystanders);
        }
        assertRecovered();
    }

    /** Another caller's histories must not replace those of the caller, who goes on thinking. */
    @Test
    void historiesWithoutEnd(TestInfo test) throws Exception {
        try (Bystanders bystanders = new Bystanders(service, OpenNetworkIT::call)) {
            Client greedy = newCaller();
            for (int i = 0; i < 400; i++) {
                var request = greedy.request(Canaries.thought());
                request.put("session", "session-" + i);
                greedy.post(service, greedy.sealed(request));
            }
            report(test, bystanders);
        }
        assertRecovered();
    }

    /** Sends the same bytes again and again on some connections. */
    private void holdWith(TestInfo test, int connections, byte[] bytes) throws Exception {
        boolean http2 = bytes[0] == 0;
        try (Strangers strangers = new Strangers(service);
                Bystanders bystanders = new Bystanders(service, OpenNetworkIT::call)) {
            List<SocketChannel> sockets = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                sockets.add(
                        http2 ? strangers.connectHttp2(20, ENABLE_PUSH, 0) : strangers.connect(20));
            }
            for (Instant end = Instant.now().plus(ATTACK); Instant.now().isBefore(end); ) {
                sockets.forEach(socket -> Strangers.send(socket, bytes));
                pause();
            }
            report(test, bystanders);
        }
        assertRecovered();
    }

    private static List<SocketChannel> http2(Strangers strangers, int connections)
            throws IOException {
        List<SocketChannel> sockets = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            sockets.add(strangers.connectHttp2(connections, ENABLE_PUSH, 0));
        }
        return sockets;
    }

    private static byte[] headers(int stream, byte[] fields) {
        return frame(Strangers.HEADERS, END_STREAM | END_HEADERS, stream, fields);
    }

    private static void report(TestInfo test, Bystanders bystanders) {
        bystanders.close();
        System.out.printf(
                "%s: %d answers, the longest wait was %d ms%n",
                test.getDisplayName(), bystanders.answers(), bystanders.longest().toMillis());
        assertThat(bystanders.failures()).isEmpty();
        assertThat(bystanders.slowerThan(USUAL)).isLessThanOrEqualTo(bystanders.answers() / 2);
        assertThat(bystanders.longest()).isLessThan(LONGEST);
    }

    private static void assertRecovered() throws Exception {
        await().atMost(Duration.ofSeconds(30)).until(() -> connections() <= connectionsBefore + 2);
        await().atMost(Duration.ofSeconds(60))
                .until(OpenNetworkIT::heapInUse, used -> used < heapBefore + HEAP_TOLERANCE);
    }

    /** In bytes, after a collection. */
    private static double heapInUse() throws Exception {
        collect();
        return Scrape.of(service).values().get("seqthink_heap_used_bytes");
    }

    private static void collect() throws Exception {
        if (Artefact.isNative()) { // collects when it needs room
            for (int i = 0; i < 8; i++) {
                caller.post(service, new byte[MAX_BODY]).then().statusCode(400);
            }
            return;
        }
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        new ProcessBuilder(jcmd.toString(), String.valueOf(service.pid()), "GC.run")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    private static double connections() {
        return Scrape.of(service).values().get("seqthink_connections_open");
    }

    /** One call of the caller, whose history must be complete. */
    private static boolean call() {
        Response reply = caller.post(service, caller.sealed(caller.request(Canaries.thought())));
        int length = caller.open(reply).at("/result/thoughtHistoryLength").intValue();
        thoughts++;
        return reply.statusCode() == 200 && length == thoughts;
    }

    private static Client newCaller() {
        return new Client(files.key(), issuer.token("caller-" + UUID.randomUUID()));
    }

    private static void pause() throws InterruptedException {
        Thread.sleep(20);
    }
}

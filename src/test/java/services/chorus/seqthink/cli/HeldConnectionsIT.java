package services.chorus.seqthink.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.net.CertificateAuthorities;
import services.chorus.seqthink.testing.CertificateFiles;
import services.chorus.seqthink.testing.Http2Frames;
import services.chorus.seqthink.testing.Service;

/**
 * Strangers hold connections, streams and answers of a packaged gateway with little memory, with
 * and without TLS, while others want answers within seconds.
 */
@Tag("twin") // slow; OpenNetworkIT has the main cases
class HeldConnectionsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int NETWORKS = 6;
    private static final String GET = "GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n";

    @TempDir static Path folder;

    @AutoClose static Service plain;
    @AutoClose static Service secured;
    static SSLContext trust;

    private final List<Socket> opened = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        CertificateFiles pair = CertificateFiles.make(folder, "own");
        trust = CertificateAuthorities.systemAnd(Optional.of(pair.authority())).context();
        Map<String, String> environment = DoorFiles.in(folder).environment();
        plain = Service.startWithHeap(96, "HeldConnectionsIT", environment);
        environment.put("TLS_CERT_PATH", pair.certificate().toString());
        environment.put("TLS_KEY_PATH", pair.key().toString());
        secured = Service.startWithHeap(96, "HeldConnectionsIT-tls", environment);
    }

    @AfterEach
    void close() throws IOException {
        for (Socket socket : opened) {
            socket.close();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void areClosedWhenTheirClientsSendOrTakeTooLittle(boolean tls) throws Exception {
        Socket silent = connect(tls, 2, "http/1.1");
        Socket unfinished = connect(tls, 2, "http/1.1");
        send(unfinished, "GET /health HTTP/1.1\r\nX: ".getBytes(US_ASCII));
        Socket pinging = connect(tls, 2, "h2");
        send(pinging, Http2Frames.opening(0).bytes());
        Socket sipping = connect(tls, 2, "h2");
        Http2Frames requests = Http2Frames.opening(0);
        streams(50).forEach(stream -> requests.get(stream, "/metrics"));
        send(sipping, requests.bytes());
        Socket steady = connect(tls, 2, "h2");
        send(steady, Http2Frames.opening(1 << 16).get(1, "/health").bytes());
        List<Socket> held = List.of(silent, unfinished, pinging, sipping);

        Http2Frames sip = new Http2Frames().ping();
        streams(50).forEach(sip::oneMoreByte);
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofSeconds(1))
                .until(
                        () -> {
                            send(unfinished, new byte[] {'x'});
                            send(pinging, new Http2Frames().ping().bytes());
                            send(sipping, sip.bytes());
                            answersOthers(tls);
                            return held.stream().allMatch(HeldConnectionsIT::isClosed);
                        });
        assertThat(isClosed(steady)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void keepNobodyOutWithAnswersThatTheyDoNotTake(boolean tls) throws Exception {
        flood(tls, 300, stream -> stream % 4 == 1 ? "/metrics" : "/health", Http2Frames::get);
        answersOthers(tls);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void keepNobodyOutWithBodiesThatDoNotEnd(boolean tls) throws Exception {
        flood(tls, 100, stream -> "/mcp/tool", Http2Frames::post);
        answersOthers(tls);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void keepNobodyOutByTheirNumber(boolean tls) throws Exception {
        for (int i = 0; i < 2000; i++) {
            send(
                    connect(tls, 2 + i % NETWORKS, "http/1.1"),
                    GET.formatted("/health").getBytes(US_ASCII));
            if (i % 100 == 0) {
                answersOthers(tls);
            }
        }
        answersOthers(tls);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void keepNobodyOutWithControlFrames(boolean tls) throws Exception {
        Http2Frames pings = Http2Frames.opening(0);
        Http2Frames settings = Http2Frames.opening(0);
        Http2Frames empty = Http2Frames.opening(0).post(1, "/mcp/tool");
        Http2Frames continued = Http2Frames.opening(0).beginHead(1);
        for (int i = 0; i < 20_000; i++) {
            pings.ping();
            settings.settings(i % 2);
            empty.emptyData(1);
            continued.emptyContinuation(1);
        }
        Http2Frames reset = Http2Frames.opening(0);
        streams(5000).forEach(stream -> reset.get(stream, "/health").reset(stream));
        Http2Frames many = Http2Frames.opening(0);
        streams(5000).forEach(stream -> many.get(stream, "/health"));

        for (Http2Frames frames : List.of(pings, settings, empty, continued, reset, many)) {
            for (int i = 0; i < 4; i++) {
                Socket socket = connect(tls, 2, "h2");
                // it may not accept all that is sent
                Thread.ofVirtual().start(() -> send(socket, frames.bytes()));
            }
            answersOthers(tls);
        }
    }

    private interface Request {
        Http2Frames add(Http2Frames to, int stream, String path);
    }

    private void flood(
            boolean tls, int connections, Function<Integer, String> path, Request request)
            throws Exception {
        for (int i = 0; i < connections; i++) {
            Socket socket = connect(tls, 2 + i % NETWORKS, "h2");
            Http2Frames requests = Http2Frames.opening(0);
            streams(100).forEach(stream -> request.add(requests, stream, path.apply(stream)));
            send(socket, requests.bytes());
            if (i % 50 == 0) {
                answersOthers(tls);
            }
        }
    }

    private static List<Integer> streams(int count) {
        return IntStream.range(0, count).mapToObj(i -> 2 * i + 1).toList();
    }

    /** Another client's request and a probe are answered in time. */
    private static void answersOthers(boolean tls) throws Exception {
        for (Version version : Version.values()) {
            try (HttpClient client =
                    HttpClient.newBuilder()
                            .version(version)
                            .sslContext(trust)
                            .connectTimeout(PATIENCE)
                            .build()) {
                for (String path : List.of("/health", "/.well-known/age-recipients")) {
                    HttpRequest request =
                            HttpRequest.newBuilder(URI.create(service(tls).url() + path))
                                    .timeout(PATIENCE)
                                    .build();
                    assertThat(client.send(request, BodyHandlers.discarding()).statusCode())
                            .isEqualTo(200);
                }
            }
        }
    }

    /** Connects from an address of its own. */
    private Socket connect(boolean tls, int source, String protocol) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress("127.0.%d.1".formatted(source), 0));
        int port = Integer.parseInt(service(tls).port());
        socket.connect(new InetSocketAddress("127.0.0.1", port));
        if (tls) {
            SSLSocket wrapped =
                    (SSLSocket)
                            trust.getSocketFactory().createSocket(socket, "localhost", port, true);
            SSLParameters parameters = wrapped.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {protocol});
            wrapped.setSSLParameters(parameters);
            wrapped.startHandshake();
            socket = wrapped;
        }
        opened.add(socket);
        return socket;
    }

    private static void send(Socket socket, byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException e) {
            // closed by the service
        }
    }

    private static boolean isClosed(Socket socket) {
        try {
            socket.setSoTimeout(10);
            return socket.getInputStream().readNBytes(1 << 20).length < 1 << 20;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private static Service service(boolean tls) {
        return tls ? secured : plain;
    }
}

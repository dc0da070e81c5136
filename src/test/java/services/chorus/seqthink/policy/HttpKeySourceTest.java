package services.chorus.seqthink.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.net.BoundedHttp;
import services.chorus.seqthink.policy.FetchException.Problem;

class HttpKeySourceTest {

    private static final String JWKS = SigningKey.jwks(SigningKey.ec("k"));
    private static final Duration SHORT = Duration.ofMillis(400);

    private final JwksServer server = new JwksServer(JWKS);

    @AfterEach
    void close() {
        server.close();
    }

    private static void assertProblem(URI url, Duration timeout, Problem problem) {
        assertThatExceptionOfType(FetchException.class)
                .isThrownBy(() -> JwksServer.source(url, timeout).fetch())
                .satisfies(e -> assertThat(e.problem()).isEqualTo(problem));
    }

    @Test
    void readsTheDocument() throws Exception {
        KeySource.Document document =
                JwksServer.source(server.url(), HttpKeySource.TIMEOUT).fetch();

        assertThat(document.json()).isEqualTo(JWKS);
        assertThat(document.maxAge()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "max-age=300|300",
                "public, MAX-AGE=7, must-revalidate|7",
                "max-age=\"60\"|60",
                "public,max-age=0|0",
                "s-maxage=9|",
                "max-age=-1|",
                "max-age=99999999999|",
                "no-store|"
            })
    void readsHowLongTheDocumentIsFresh(String header, Long seconds) throws Exception {
        server.serve(JWKS, header);

        assertThat(
                        JwksServer.source(server.url(), HttpKeySource.TIMEOUT)
                                .fetch()
                                .maxAge()
                                .map(Duration::toSeconds))
                .isEqualTo(Optional.ofNullable(seconds));
    }

    @ParameterizedTest
    @ValueSource(ints = {201, 204, 304, 404, 500, 503})
    void wantsStatus200(int status) {
        server.answer(status, status == 204 || status == 304 ? "" : JWKS);

        assertProblem(server.url(), HttpKeySource.TIMEOUT, Problem.WRONG_STATUS);
    }

    @Test
    void followsNoRedirect() {
        server.behave(
                exchange -> {
                    exchange.getResponseHeaders().add("Location", "/jwks?again");
                    JwksServer.answer(exchange, 302, JWKS);
                });

        assertProblem(server.url(), HttpKeySource.TIMEOUT, Problem.WRONG_STATUS);
        assertThat(server.fetches()).isEqualTo(1);
    }

    @Test
    void readsNoMoreThan256KiB() throws Exception {
        server.answer(200, " ".repeat(256 * 1024));
        assertThat(JwksServer.source(server.url(), HttpKeySource.TIMEOUT).fetch().json())
                .hasSize(256 * 1024);

        server.answer(200, " ".repeat(256 * 1024 + 1));
        assertProblem(server.url(), HttpKeySource.TIMEOUT, Problem.UNREACHABLE);
    }

    @Test
    void readsNoMoreThan256KiBOfAnEndlessAnswer() {
        server.behave(
                exchange -> {
                    exchange.sendResponseHeaders(200, 0);
                    while (true) {
                        exchange.getResponseBody().write(new byte[8192]);
                    }
                });

        assertProblem(server.url(), Duration.ofSeconds(30), Problem.UNREACHABLE);
    }

    @ParameterizedTest
    @EnumSource(
            value = RawServer.Manner.class,
            names = {"HANG", "DRIP"})
    void givesUpAtTheDeadline(RawServer.Manner manner) throws Exception {
        try (RawServer raw = new RawServer(JWKS)) {
            raw.behave(manner);
            Instant start = Instant.now();

            assertProblem(raw.url(), SHORT, Problem.TIMED_OUT);

            assertThat(Duration.between(start, Instant.now()))
                    .isBetween(SHORT, SHORT.plusSeconds(3));
        }
    }

    @Test
    void reportsAConnectionThatIsReset() throws Exception {
        try (RawServer raw = new RawServer(JWKS)) {
            raw.behave(RawServer.Manner.RESET);

            assertProblem(raw.url(), Duration.ofSeconds(30), Problem.UNREACHABLE);
        }
    }

    @Test
    void reportsAnUnreachableEndpoint() {
        server.close();

        assertProblem(server.url(), Duration.ofSeconds(30), Problem.UNREACHABLE);
    }

    @Test
    void endsWhenInterrupted() throws Exception {
        server.hang();
        var source = JwksServer.source(server.url(), Duration.ofMinutes(1));
        var outcome = new FutureTask<>(() -> catchThrowable(source::fetch));
        Thread thread = Thread.startVirtualThread(outcome);
        Awaitility.await().until(() -> server.fetches() == 1);

        thread.interrupt();

        assertThat(outcome.get(10, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://keys.example/jwks",
                "http://127.0.0.1.example/jwks",
                "http://localhost.example/jwks",
                "http://10.0.0.1/jwks",
                "ftp://127.0.0.1/jwks",
                "file:///etc/passwd",
                "jwks"
            })
    void refusesUrlsWithoutTransportSecurity(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JwksServer.source(URI.create(url), SHORT));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://keys.example/jwks",
                "http://localhost:9/jwks",
                "http://127.1.2.3/jwks",
                "http://[::1]:9/jwks"
            })
    void permitsHttpsAndLoopback(String url) {
        assertThat(BoundedHttp.permits(URI.create(url))).isTrue();
    }

    @Test
    void trustsOnlyTheGivenAuthorities(@TempDir Path directory) throws Exception {
        KeyStore store = selfSigned(directory.resolve("server.p12"));
        HttpsServer https =
                HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        try {
            https.setHttpsConfigurator(new HttpsConfigurator(serverSide(store)));
            https.createContext("/jwks", exchange -> JwksServer.answer(exchange, 200, JWKS));
            https.start();
            URI url = URI.create("https://localhost:" + https.getAddress().getPort() + "/jwks");

            assertThat(
                            new HttpKeySource(
                                            new IssuerEndpoint(
                                                    url,
                                                    new BoundedHttp(
                                                            Duration.ofSeconds(30),
                                                            HttpKeySource.LARGEST,
                                                            trusting(store))))
                                    .fetch()
                                    .json())
                    .isEqualTo(JWKS);
            assertProblem(url, Duration.ofSeconds(30), Problem.UNREACHABLE);
        } finally {
            https.stop(0);
        }
    }

    private static KeyStore selfSigned(Path file) throws Exception {
        Process keytool =
                new ProcessBuilder(
                                List.of(
                                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                                .toString(),
                                        "-genkeypair",
                                        "-alias",
                                        "server",
                                        "-keyalg",
                                        "EC",
                                        "-dname",
                                        "CN=localhost",
                                        "-ext",
                                        "san=dns:localhost",
                                        "-storetype",
                                        "PKCS12",
                                        "-storepass",
                                        "changeit",
                                        "-keystore",
                                        file.toString()))
                        .redirectErrorStream(true)
                        .start();
        keytool.getInputStream().readAllBytes();
        assertThat(keytool.waitFor()).isZero();
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, "changeit".toCharArray());
            return store;
        }
    }

    private static SSLContext serverSide(KeyStore store) throws Exception {
        KeyManagerFactory keys =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, "changeit".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    private static SSLContext trusting(KeyStore store) throws Exception {
        KeyStore anchors = KeyStore.getInstance("PKCS12");
        anchors.load(null, null);
        anchors.setCertificateEntry("server", store.getCertificate("server"));
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(anchors);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}

package services.chorus.seqthink.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.net.CertificateAuthorities;
import services.chorus.seqthink.testing.Artefact;
import services.chorus.seqthink.testing.Canaries;
import services.chorus.seqthink.testing.CertificateFiles;
import services.chorus.seqthink.testing.Client;
import services.chorus.seqthink.testing.CommandLineTool;
import services.chorus.seqthink.testing.CommandLineTool.Result;
import services.chorus.seqthink.testing.FollowedStream;
import services.chorus.seqthink.testing.Service;
import services.chorus.seqthink.testing.TestIssuer;

/** A packaged gateway that terminates TLS, called with openssl and with its own clients. */
class OwnTlsIT {

    /** The promised time from a change on disk until it is served. */
    private static final Duration SECONDS = Duration.ofSeconds(5);

    private static final int WAIT_MILLIS = 20_000;

    @TempDir static Path folder;

    @AutoClose static TestIssuer issuer;
    @AutoClose static Service door;
    static DoorFiles files;
    static Map<String, String> environment;

    /** The pair that is served, and another. */
    static CertificateFiles first;

    static CertificateFiles second;

    @BeforeAll
    static void startADoor() throws Exception {
        issuer = TestIssuer.start();
        files = DoorFiles.in(folder);
        first = CertificateFiles.make(folder, "first");
        second = CertificateFiles.make(folder, "second");
        environment = files.environment();
        environment.put("KACHING_JWKS_URL", issuer.jwksUrl());
        environment.put("TLS_CERT_PATH", folder.resolve("live.pem").toString());
        environment.put("TLS_KEY_PATH", folder.resolve("live.key").toString());
        environment.put("TLS_REQUIRED", "true");
        environment.put("CA_PATH", bothAuthorities().toString());
        present(first);
        door = Service.start("OwnTlsIT", environment);
    }

    @Test
    void speaksTls13Only() throws Exception {
        assertThat(handshake("-tls1_3").text())
                .contains("TLSv1.3")
                .contains("subject=CN = A server");
        for (String old : new String[] {"-tls1_2", "-tls1_1"}) {
            Result refused = handshake(old);
            assertThat(refused.exitCode()).isNotZero();
            assertThat(refused.text()).contains("no peer certificate available");
        }
        assertThat(handshake("-tls1_2").errors()).contains("alert protocol version");
        assertThat(answerWithoutTls()).doesNotContain("HTTP/1.1").doesNotContain("OK");
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "http/1.1"})
    void speaksBothVersionsOfHttp(String protocol) throws Exception {
        assertThat(handshake("-alpn", protocol).text()).contains("ALPN protocol: " + protocol);
    }

    @Test
    void logsThatTlsIsOnAndSendsStrictTransportSecurity() throws Exception {
        assertThat(door.log()).anyMatch(line -> line.contains(", TLS on, "));
        assertThat(get(first, "/health").headers().firstValue("strict-transport-security"))
                .hasValue("max-age=31536000");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /health\tHTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /health HTTP/1.1\r\nHost: localhost\r\nX : y\r\n\r\n",
                "GET /health HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: x\r\n\r\n",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
            })
    void rejectsMalformedRequests(String request) throws Exception {
        try (SSLSocket tls = connection(first)) {
            String next = "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n";
            tls.getOutputStream().write((request + next).getBytes(US_ASCII));

            assertThat(new String(tls.getInputStream().readAllBytes(), US_ASCII))
                    .startsWith("HTTP/1.1 400 ")
                    .containsIgnoringCase("\r\nstrict-transport-security: max-age=31536000\r\n")
                    .containsOnlyOnce("HTTP/1.1 ");
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void servesAChangedCertificateWithinSecondsAndDropsNoConnection(Version version)
            throws Exception {
        Client caller = new Client(files.key(), issuer.token("caller-" + version));
        try (FollowedStream stream =
                        FollowedStream.of(caller, URI.create(door.url()), client(first, version));
                SSLSocket kept = connection(first)) {
            assertThat(stream.opened().get("event").textValue()).isEqualTo("open");
            assertThat(healthOver(kept)).startsWith("HTTP/1.1 200 ");

            present(second);
            await().atMost(SECONDS).ignoreExceptions().until(() -> serves(second));

            assertThat(healthOver(kept)).startsWith("HTTP/1.1 200 ");
            String thought = Canaries.thought();
            think(caller, second, version, thought);
            assertThat(stream.opened().toString()).contains(thought);
        }
        assertThat(
                        handshake("-CAfile", second.authority().toString(), "-verify_return_error")
                                .exitCode())
                .isZero();
        assertThat(
                        handshake("-CAfile", first.authority().toString(), "-verify_return_error")
                                .exitCode())
                .isNotZero();
        swapPairs();
    }

    @Test
    void refusesNoConnectionWhileCertificatesChange() throws Exception {
        for (int i = 0; i < 2; i++) {
            CertificateFiles next = second;
            present(next);
            boolean served = false;
            long end = System.nanoTime() + SECONDS.toNanos();
            while (!served && System.nanoTime() < end) {
                try (Socket socket = trustingBoth().getSocketFactory().createSocket()) {
                    socket.connect(new InetSocketAddress("localhost", port()), WAIT_MILLIS);
                    socket.setSoTimeout(WAIT_MILLIS);
                    SSLSocket tls = (SSLSocket) socket;
                    tls.startHandshake();
                    served = tls.getSession().getPeerCertificates()[0].equals(certificate(next));
                }
            }
            assertThat(served).isTrue();
            swapPairs();
        }
    }

    @Test
    void keepsServingTheLastValidPairAndReportsABrokenOne() throws Exception {
        Files.copy(second.key(), folder.resolve("live.key"), StandardCopyOption.REPLACE_EXISTING);

        await().until(() -> metric("seqthink_certificate_broken") == 1.0);
        assertThat(serves(first)).isTrue();
        assertThat(door.log())
                .anyMatch(line -> line.contains("The key does not belong to the certificate"));
        assertThat(metric("seqthink_certificate_end")).isEqualTo(end(first.certificate()));
        assertThat(metric("seqthink_trusted_certificate_end"))
                .isEqualTo(Math.min(end(first.authority()), end(second.authority())));

        present(second);
        await().ignoreExceptions()
                .until(
                        () ->
                                serves(second)
                                        && metric(second, "seqthink_certificate_broken") == 0.0);
        swapPairs();
    }

    @Test
    void passesItsHealthcheckOverTls() throws Exception {
        Map<String, String> own = new HashMap<>(environment);
        own.put("PORT", door.port());
        Artefact.run(folder, own, "healthcheck", "--ready").orFail();

        own.remove("TLS_CERT_PATH");
        own.remove("TLS_KEY_PATH");
        assertThat(Artefact.run(folder, own, "healthcheck").exitCode()).isNotZero();
    }

    @Test
    void isCalledByClientsThatTrustItsAuthority() throws Exception {
        String port = String.valueOf(Service.freePort());
        String url = "https://localhost:" + port;
        Map<String, String> called = new HashMap<>(environment);
        called.put("PORT", port);
        called.put("PUBLIC_URL", url);
        Caller caller = Caller.in(folder.resolve("caller"), issuer.token("caller"));
        try (Service own = Service.start("OwnTlsIT-called", called)) {
            assertThat(own.url()).isEqualTo(url);

            assertThat(call(caller, url).errors()).contains(url + "/mcp/tool does not answer");
            assertThat(call(caller, url, "--cacert", "caller.key").errors())
                    .contains(
                            "--cacert caller.key cannot be used: give a PEM file of certificates");
            assertThat(call(caller, url, "--cacert", first.authority().toString()).text())
                    .contains("\"thoughtHistoryLength\" : 1");
        }
    }

    private Result call(Caller caller, String url, String... options) throws Exception {
        String[] usual = {
            "call", url, "-r", files.key().recipient(), "-i", "caller.key", "--token-file", "token"
        };
        return Artefact.run(
                caller.folder(),
                Map.of(),
                Client.thought(Canaries.thought()).toString().getBytes(StandardCharsets.UTF_8),
                Stream.of(usual, options).flatMap(Stream::of).toArray(String[]::new));
    }

    /** {@code first} is again the pair that is served. */
    private static void swapPairs() {
        CertificateFiles served = second;
        second = first;
        first = served;
    }

    private static void present(CertificateFiles pair) throws IOException {
        replace(pair.certificate(), "live.pem");
        replace(pair.key(), "live.key");
    }

    private static void replace(Path source, String target) throws IOException {
        Path next = folder.resolve(target + ".next");
        Files.copy(source, next, StandardCopyOption.COPY_ATTRIBUTES);
        Files.move(next, folder.resolve(target), StandardCopyOption.ATOMIC_MOVE);
    }

    private boolean serves(CertificateFiles pair) throws Exception {
        return get(pair, "/health").statusCode() == 200;
    }

    private double metric(String name) throws Exception {
        return metric(first, name);
    }

    private double metric(CertificateFiles pair, String name) throws Exception {
        return get(pair, "/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.split(" ")[1]))
                .findFirst()
                .orElseThrow();
    }

    /** Uses a new connection of a client that trusts only this pair's authority. */
    private HttpResponse<String> get(CertificateFiles pair, String path) throws Exception {
        try (HttpClient http = client(pair, Version.HTTP_2)) {
            return http.send(
                    HttpRequest.newBuilder(URI.create(door.url() + path)).build(),
                    BodyHandlers.ofString());
        }
    }

    private void think(Client caller, CertificateFiles pair, Version version, String thought)
            throws Exception {
        try (HttpClient http = client(pair, version)) {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create(door.url() + "/mcp/tool"))
                            .header("Authorization", "Bearer " + caller.token())
                            .header("Content-Type", "application/age")
                            .POST(
                                    BodyPublishers.ofByteArray(
                                            caller.sealed(caller.request(thought))))
                            .build();
            HttpResponse<byte[]> response = http.send(request, BodyHandlers.ofByteArray());
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.version()).isEqualTo(version);
        }
    }

    private static HttpClient client(CertificateFiles pair, Version version) throws IOException {
        return HttpClient.newBuilder()
                .version(version)
                .sslContext(trusting(pair.authority()))
                .build();
    }

    private static SSLContext trustingBoth() throws IOException {
        return trusting(bothAuthorities());
    }

    private static Path bothAuthorities() throws IOException {
        return Files.writeString(
                folder.resolve("both.pem"),
                Files.readString(first.authority()) + Files.readString(second.authority()));
    }

    private static SSLContext trusting(Path authorities) throws IOException {
        return CertificateAuthorities.systemAnd(Optional.of(authorities)).context();
    }

    private SSLSocket connection(CertificateFiles pair) throws IOException {
        SSLSocket socket =
                (SSLSocket)
                        trusting(pair.authority())
                                .getSocketFactory()
                                .createSocket("localhost", port());
        socket.setSoTimeout(WAIT_MILLIS);
        socket.startHandshake();
        return socket;
    }

    private static String healthOver(Socket kept) throws IOException {
        kept.getOutputStream()
                .write("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(US_ASCII));
        kept.getOutputStream().flush();
        StringBuilder answer = new StringBuilder();
        while (!answer.toString().endsWith("\r\n\r\nOK")) {
            int next = kept.getInputStream().read();
            assertThat(next).as("the next byte after %s", answer).isNotNegative();
            answer.append((char) next);
        }
        return answer.toString();
    }

    private String answerWithoutTls() throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port())) {
            socket.setSoTimeout(WAIT_MILLIS);
            socket.getOutputStream()
                    .write("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(US_ASCII));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), US_ASCII);
        }
    }

    private Result handshake(String... options) throws Exception {
        String[] all = new String[options.length + 3];
        System.arraycopy(options, 0, all, 3, options.length);
        all[0] = "s_client";
        all[1] = "-connect";
        all[2] = "localhost:" + port();
        return CommandLineTool.needed("openssl", folder).run(all);
    }

    private static double end(Path file) throws Exception {
        return CertificateFiles.read(file).getNotAfter().getTime() / 1000.0;
    }

    private static X509Certificate certificate(CertificateFiles pair) throws Exception {
        return CertificateFiles.read(pair.certificate());
    }

    private int port() {
        return Integer.parseInt(door.port());
    }
}

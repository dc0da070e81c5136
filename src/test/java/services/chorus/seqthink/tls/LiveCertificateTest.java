package services.chorus.seqthink.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.logging.Level;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import services.chorus.seqthink.net.CertificateAuthorities;
import services.chorus.seqthink.testing.CertificateFiles;
import services.chorus.seqthink.testing.LogWatch;

class LiveCertificateTest {

    private static final Duration FAST = Duration.ofMillis(20);

    @TempDir Path folder;

    private final LogWatch log = new LogWatch(Level.INFO);
    private final ExecutorService server = Executors.newVirtualThreadPerTaskExecutor();
    private CertificateFiles first;
    private CertificateFiles second;
    private Path certificate;
    private Path key;
    private LiveCertificate live;
    private SSLServerSocket listening;

    @BeforeEach
    void startAServer() throws Exception {
        first = CertificateFiles.make(folder, "first");
        second = CertificateFiles.make(folder, "second");
        certificate = folder.resolve("live.pem");
        key = folder.resolve("live.key");
        take(first);
        live = new LiveCertificate(certificate, key, FAST);
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(new KeyManager[] {live.keyManager()}, null, null);
        listening =
                (SSLServerSocket)
                        context.getServerSocketFactory()
                                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        server.submit(this::echo);
    }

    @AfterEach
    void end() throws IOException {
        listening.close();
        live.close();
        server.shutdownNow();
        log.close();
    }

    @Test
    void usesAChangedPairForNewConnectionsAndKeepsOpenOnes() throws Exception {
        try (SSLSocket before = connection(first)) {
            assertThat(echoed(before, 1)).isEqualTo(1);
            take(second);
            awaitPresented(second);

            assertThat(echoed(before, 2)).isEqualTo(2);
        }
        assertThat(live.broken()).isFalse();
        assertThat(live.expiry()).isAfter(Instant.now());
    }

    @Test
    void keepsThePreviousPairAndLogsOnceWhileTheFilesDoNotMatch() throws Exception {
        replace(second.key(), key);
        awaitRefused("TLS_KEY_PATH names a broken file: The key does not belong");
        assertPresented(first);
        Files.delete(key);
        awaitRefused("TLS_KEY_PATH names a file that does not exist");
        assertPresented(first);

        take(second);
        awaitPresented(second);

        assertThat(live.broken()).isFalse();
        assertThat(log.lines())
                .filteredOn(line -> line.contains("does not belong"))
                .singleElement();
    }

    @Test
    void reloadsWhenKubernetesSwapsAVolume() throws Exception {
        Path volume = Files.createDirectory(folder.resolve("volume"));
        publish(volume, "..one", first);
        Files.createSymbolicLink(volume.resolve("tls.crt"), Path.of("..data", "tls.crt"));
        Files.createSymbolicLink(volume.resolve("tls.key"), Path.of("..data", "tls.key"));
        Instant end;
        try (LiveCertificate mounted =
                new LiveCertificate(volume.resolve("tls.crt"), volume.resolve("tls.key"), FAST)) {
            end = mounted.expiry();
            String name = mounted.keyManager().getServerAliases("EC", null)[0];
            publish(volume, "..two", second);

            await().until(() -> !name.equals(mounted.keyManager().getServerAliases("EC", null)[0]));
            // a handshake that began with the previous pair finishes with it
            assertThat(mounted.keyManager().getCertificateChain(name)[0])
                    .isEqualTo(
                            CertificatePair.parse(bytes(first.certificate()), bytes(first.key()))
                                    .chain()
                                    .getFirst());
        }
        assertThat(end).isAfter(Instant.now());
    }

    @Test
    void warnsOfAKeyThatOthersCanRead() throws Exception {
        Files.setPosixFilePermissions(second.key(), PosixFilePermissions.fromString("rw-r--r--"));
        take(second);

        await().untilAsserted(
                        () ->
                                assertThat(log.lines())
                                        .anyMatch(line -> line.contains("has mode rw-r--r--")));
    }

    @Test
    void doesNotStartWithoutAPair() throws Exception {
        assertThatThrownBy(() -> LiveCertificate.open(first.certificate(), second.key()))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("TLS_KEY_PATH names a broken file: ");
    }

    private void take(CertificateFiles files) throws IOException {
        replace(files.certificate(), certificate);
        replace(files.key(), key);
    }

    private void awaitPresented(CertificateFiles files) {
        await().ignoreExceptions().untilAsserted(() -> assertPresented(files));
    }

    /** A client that trusts only the authority of these files can connect. */
    private void assertPresented(CertificateFiles files) throws IOException {
        try (SSLSocket fresh = connection(files)) {
            assertThat(echoed(fresh, 7)).isEqualTo(7);
        }
    }

    private void awaitRefused(String why) {
        await().untilAsserted(
                        () ->
                                assertThat(log.lines())
                                        .anyMatch(
                                                line ->
                                                        line.contains(why)
                                                                && line.contains("stays in use")));
        assertThat(live.broken()).isTrue();
    }

    private SSLSocket connection(CertificateFiles files) throws IOException {
        CertificateAuthorities trusted =
                CertificateAuthorities.systemAnd(Optional.of(files.authority()));
        SSLSocket socket =
                (SSLSocket)
                        trusted.context()
                                .getSocketFactory()
                                .createSocket(
                                        InetAddress.getLoopbackAddress(), listening.getLocalPort());
        socket.setSoTimeout(20_000);
        socket.startHandshake();
        return socket;
    }

    private static int echoed(SSLSocket socket, int sent) throws IOException {
        socket.getOutputStream().write(sent);
        socket.getOutputStream().flush();
        return socket.getInputStream().read();
    }

    private Void echo() throws IOException {
        while (true) {
            SSLSocket accepted = (SSLSocket) listening.accept();
            server.submit(() -> accepted.getInputStream().transferTo(accepted.getOutputStream()));
        }
    }

    private static void publish(Path volume, String name, CertificateFiles files)
            throws IOException {
        Path version = Files.createDirectory(volume.resolve(name));
        Files.copy(files.certificate(), version.resolve("tls.crt"));
        Files.copy(files.key(), version.resolve("tls.key"));
        Path link = Files.createSymbolicLink(volume.resolve("..data_tmp"), Path.of(name));
        Files.move(link, volume.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
    }

    private static void replace(Path source, Path target) throws IOException {
        Files.copy(
                source,
                target,
                StandardCopyOption.REPLACE_EXISTING,
                StandardCopyOption.COPY_ATTRIBUTES);
    }

    private static byte[] bytes(Path file) throws IOException {
        return Files.readAllBytes(file);
    }
}

package services.chorus.seqthink.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import services.chorus.seqthink.config.Fault;
import services.chorus.seqthink.testing.CertificateFiles;

class TlsConfigTest {

    @TempDir Path folder;

    private record Told(Optional<Path> certPath, Optional<Path> keyPath, boolean required)
            implements TlsConfig {}

    private static final Optional<Path> UNSET = Optional.empty();

    @Test
    void noTlsIsGoodUnlessItIsRequired() {
        assertThat(faults(new Told(UNSET, UNSET, false))).isEmpty();
        assertThat(faults(new Told(UNSET, UNSET, true)))
                .containsExactly(
                        "TLS_CERT_PATH is not set although TLS_REQUIRED is true: set both"
                                + " TLS_CERT_PATH and TLS_KEY_PATH to PEM files");
    }

    @Test
    void halfAPairIsNone() {
        Optional<Path> file = Optional.of(folder.resolve("file"));

        assertThat(faults(new Told(file, UNSET, false)))
                .singleElement()
                .asString()
                .startsWith("TLS_KEY_PATH is not set although TLS_CERT_PATH is: ");
        assertThat(faults(new Told(UNSET, file, true)))
                .singleElement()
                .asString()
                .startsWith("TLS_CERT_PATH is not set although TLS_KEY_PATH is: ");
    }

    @Test
    void aPairMustBeOne() throws Exception {
        CertificateFiles one = CertificateFiles.make(folder, "one");
        CertificateFiles other = CertificateFiles.make(folder, "other");

        assertThat(faults(told(one.certificate(), one.key()))).isEmpty();
        assertThat(faults(told(one.certificate(), other.key())))
                .containsExactly(
                        "TLS_KEY_PATH names a broken file: The key does not belong to the"
                                + " certificate");
    }

    @Test
    void warnOfAKeyThatOthersCanReadAndOfACertificateThatEnded() throws Exception {
        CertificateFiles files = CertificateFiles.make(folder, "one");
        Told told = told(files.certificate(), files.key());
        Files.setPosixFilePermissions(files.key(), PosixFilePermissions.fromString("rw-------"));
        assertThat(TlsConfig.warnings(told, Instant.now())).isEmpty();

        Files.setPosixFilePermissions(files.key(), PosixFilePermissions.fromString("rw-r-----"));
        assertThat(TlsConfig.warnings(told, Instant.now().plus(Duration.ofDays(3))))
                .satisfiesExactly(
                        ended -> assertThat(ended).startsWith("TLS_CERT_PATH names a certificate"),
                        mode ->
                                assertThat(mode)
                                        .isEqualTo(
                                                files.key()
                                                        + " has mode rw-r-----: take it from group"
                                                        + " and others"));
    }

    private static Told told(Path certificate, Path key) {
        return new Told(Optional.of(certificate), Optional.of(key), true);
    }

    private static List<String> faults(TlsConfig config) {
        return TlsConfig.faults(config).stream().map(Fault::line).toList();
    }
}

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

    private record Settings(Optional<Path> certPath, Optional<Path> keyPath, boolean required)
            implements TlsConfig {}

    private static final Optional<Path> UNSET = Optional.empty();

    @Test
    void tlsIsOptionalUnlessRequired() {
        assertThat(faults(new Settings(UNSET, UNSET, false))).isEmpty();
        assertThat(faults(new Settings(UNSET, UNSET, true)))
                .containsExactly(
                        "TLS_CERT_PATH is not set although TLS_REQUIRED is true: set both"
                                + " TLS_CERT_PATH and TLS_KEY_PATH to PEM files");
    }

    @Test
    void oneFileWithoutTheOtherIsAFault() {
        Optional<Path> file = Optional.of(folder.resolve("file"));

        assertThat(faults(new Settings(file, UNSET, false)))
                .singleElement()
                .asString()
                .startsWith("TLS_KEY_PATH is not set although TLS_CERT_PATH is: ");
        assertThat(faults(new Settings(UNSET, file, true)))
                .singleElement()
                .asString()
                .startsWith("TLS_CERT_PATH is not set although TLS_KEY_PATH is: ");
    }

    @Test
    void theKeyMustBelongToTheCertificate() throws Exception {
        CertificateFiles one = CertificateFiles.make(folder, "one");
        CertificateFiles other = CertificateFiles.make(folder, "other");

        assertThat(faults(settings(one.certificate(), one.key()))).isEmpty();
        assertThat(faults(settings(one.certificate(), other.key())))
                .containsExactly(
                        "TLS_KEY_PATH names a broken file: The key does not belong to the"
                                + " certificate");
    }

    @Test
    void warnsOfAKeyThatOthersCanReadAndOfAnExpiredCertificate() throws Exception {
        CertificateFiles files = CertificateFiles.make(folder, "one");
        Settings settings = settings(files.certificate(), files.key());
        Files.setPosixFilePermissions(files.key(), PosixFilePermissions.fromString("rw-------"));
        assertThat(TlsConfig.warnings(settings, Instant.now())).isEmpty();

        Files.setPosixFilePermissions(files.key(), PosixFilePermissions.fromString("rw-r-----"));
        assertThat(TlsConfig.warnings(settings, Instant.now().plus(Duration.ofDays(3))))
                .satisfiesExactly(
                        ended -> assertThat(ended).startsWith("TLS_CERT_PATH names a certificate"),
                        mode ->
                                assertThat(mode)
                                        .isEqualTo(
                                                files.key()
                                                        + " has mode rw-r-----: remove the access of group"
                                                        + " and others"));
    }

    private static Settings settings(Path certificate, Path key) {
        return new Settings(Optional.of(certificate), Optional.of(key), true);
    }

    private static List<String> faults(TlsConfig config) {
        return TlsConfig.faults(config).stream().map(Fault::line).toList();
    }
}

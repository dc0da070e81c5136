package services.chorus.seqthink.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import services.chorus.seqthink.config.Fault;
import services.chorus.seqthink.testing.CertificateFiles;

class HttpConfigTest {

    @TempDir Path folder;

    @Test
    void acceptNoFile() {
        assertThat(HttpConfig.faults(Optional::empty)).isEmpty();
    }

    @Test
    void acceptSeveralAuthoritiesBesideTheSystems() throws Exception {
        Path one = CertificateFiles.make(folder, "one").authority();
        Path two = CertificateFiles.make(folder, "two").authority();
        Path both = folder.resolve("both.pem");
        Files.writeString(both, Files.readString(one) + Files.readString(two));

        assertThat(faults(both)).isEmpty();
        int system = authorities(Optional.empty());
        assertThat(system).isPositive();
        assertThat(authorities(Optional.of(both))).isEqualTo(system + 2);
    }

    @Test
    void requireAnExistingFile() {
        assertFault(folder.resolve("nothing"), "does not exist");
    }

    @Test
    void requireCertificates() throws Exception {
        Path key = CertificateFiles.make(folder, "one").key();

        assertFault(
                Files.writeString(folder.resolve("empty"), ""),
                "does not consist of certificates in PEM");
        assertFault(
                Files.writeString(folder.resolve("text"), "canary"),
                "does not consist of certificates in PEM");
        assertFault(key, "does not consist of certificates in PEM");
        assertFault(folder, "cannot be read");
    }

    private static void assertFault(Path file, String problem) {
        assertThat(faults(file)).hasSize(1);
        assertThat(faults(file).getFirst().line())
                .startsWith("CA_PATH ")
                .contains(problem)
                .doesNotContain("canary");
    }

    private static List<Fault> faults(Path file) {
        return HttpConfig.faults(() -> Optional.of(file));
    }

    private static int authorities(Optional<Path> more) throws IOException {
        return CertificateAuthorities.systemAnd(more).trust().getAcceptedIssuers().length;
    }
}

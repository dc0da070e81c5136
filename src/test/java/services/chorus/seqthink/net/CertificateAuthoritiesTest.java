package services.chorus.seqthink.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import services.chorus.seqthink.testing.CertificateFiles;

class CertificateAuthoritiesTest {

    @TempDir Path folder;

    @Test
    void expireWithTheFirstAddedCertificate() throws Exception {
        Path longer = CertificateFiles.make(folder, "longer", 30).authority();
        Path shorter = CertificateFiles.make(folder, "shorter", 20).authority();
        Path both = folder.resolve("both.pem");
        Files.writeString(both, Files.readString(longer) + Files.readString(shorter));

        assertThat(CertificateAuthorities.systemAnd(Optional.of(both)).expiry())
                .hasValue(end(shorter));
        assertThat(CertificateAuthorities.systemAnd(Optional.of(longer)).expiry())
                .hasValue(end(longer));
    }

    @Test
    void haveNoExpiryWithoutAFile() throws Exception {
        assertThat(CertificateAuthorities.systemAnd(Optional.empty()).expiry()).isEmpty();
    }

    private static Instant end(Path file) throws Exception {
        return CertificateFiles.read(file).getNotAfter().toInstant();
    }
}

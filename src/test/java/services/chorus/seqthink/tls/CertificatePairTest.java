package services.chorus.seqthink.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.files.FileFault.FaultyFileException;
import services.chorus.seqthink.testing.CommandLineTool;

class CertificatePairTest {

    @TempDir Path folder;
    CommandLineTool openssl;

    @BeforeEach
    void findOpenssl() {
        openssl = CommandLineTool.needed("openssl", folder);
    }

    @ParameterizedTest
    @CsvSource({
        "ec -pkeyopt ec_paramgen_curve:P-256,EC",
        "ec -pkeyopt ec_paramgen_curve:P-384,EC",
        "rsa:2048,RSA",
        "ed25519,EdDSA"
    })
    void readsKeysOfOpenssl(String kind, String algorithm) throws Exception {
        make("a", kind);

        CertificatePair pair = pair("a.pem", "a.key");

        assertThat(pair.key().getAlgorithm()).isEqualTo(algorithm);
        assertThat(pair.chain()).hasSize(1);
        assertThat(pair.expiry()).isAfter(Instant.now());
        assertThat(pair.toString()).isEqualTo("CertificatePair[CN=a]");
    }

    @ParameterizedTest
    @CsvSource({
        "ec -pkeyopt ec_paramgen_curve:P-256,ec,EC PRIVATE KEY",
        "rsa:2048,rsa -traditional,RSA PRIVATE KEY"
    })
    void readsOlderFormatsOfOpenssl(String kind, String convert, String header) throws Exception {
        make("a", kind);
        openssl.run((convert + " -in a.key -out old.key").split(" ")).orFail();
        assertThat(Files.readString(folder.resolve("old.key"))).contains("BEGIN " + header);

        assertThat(pair("a.pem", "old.key").key().getFormat()).isEqualTo("PKCS#8");
    }

    @Test
    void readsAChainAndAKeyInOneFile() throws Exception {
        make("a", "ed25519");
        make("b", "ed25519");
        Files.writeString(folder.resolve("all"), text("a.key") + text("a.pem") + text("b.pem"));
        Files.writeString(folder.resolve("chain"), text("a.pem") + text("b.pem"));

        assertThat(pair("chain", "all").chain()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ed25519", "rsa:2048", "ec -pkeyopt ec_paramgen_curve:P-256"})
    void rejectsTheKeyOfAnotherCertificate(String kind) throws Exception {
        make("a", "ed25519");
        make("b", kind);

        assertUnusable("a.pem", "b.key", "TLS_KEY_PATH names a broken file: The key ");
    }

    @Test
    void rejectsFilesThatAreNotAPair() throws Exception {
        make("a", "ed25519");
        openssl.run(
                        "genpkey",
                        "-algorithm",
                        "ed25519",
                        "-aes256",
                        "-pass",
                        "pass:x",
                        "-out",
                        "locked")
                .orFail();
        Files.writeString(folder.resolve("empty"), "");
        Files.writeString(
                folder.resolve("hunter2"),
                "-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----\n");

        assertUnusable("none", "a.key", "TLS_CERT_PATH names a file that does not exist");
        assertUnusable("a.pem", "none", "TLS_KEY_PATH names a file that does not exist");
        assertUnusable("empty", "a.key", "TLS_CERT_PATH names a broken file: It holds no certif");
        assertUnusable("a.key", "a.key", "TLS_CERT_PATH names a broken file: It holds no certif");
        assertUnusable("a.pem", "a.pem", "TLS_KEY_PATH names a broken file: It holds no private");
        assertUnusable("a.pem", "hunter2", "TLS_KEY_PATH names a broken file: The key is broken");
        assertUnusable("a.pem", "locked", "TLS_KEY_PATH names a broken file: The key is encrypted");
    }

    @Test
    void warnsOfACertificateThatIsNotValid() throws Exception {
        make("a", "ed25519");
        CertificatePair pair = pair("a.pem", "a.key");

        assertThat(pair.validityWarning(pair.expiry())).isEmpty();
        assertThat(pair.validityWarning(pair.expiry().plusSeconds(1)))
                .hasValueSatisfying(
                        line -> assertThat(line).contains("expired at " + pair.expiry()));
        assertThat(pair.validityWarning(pair.expiry().minus(Duration.ofDays(9))))
                .hasValueSatisfying(line -> assertThat(line).contains("is not valid before "));
    }

    private void make(String name, String kind) throws IOException, InterruptedException {
        String line =
                "req -x509 -newkey %s -nodes -days 2 -keyout %s.key -out %s.pem -subj /CN=%s"
                        .formatted(kind, name, name, name);
        openssl.run(line.split(" ")).orFail();
    }

    private CertificatePair pair(String certificate, String key) throws FaultyFileException {
        return CertificatePair.read(folder.resolve(certificate), folder.resolve(key));
    }

    private void assertUnusable(String certificate, String key, String why) {
        assertThatThrownBy(() -> pair(certificate, key))
                .isInstanceOf(FaultyFileException.class)
                .hasMessageStartingWith(why)
                .hasMessageNotContaining("hunter2");
    }

    private String text(String file) throws IOException {
        return Files.readString(folder.resolve(file));
    }
}

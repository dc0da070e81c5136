package services.chorus.seqthink.issuer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.issuer.clients.AssertionVerifier.AssertionMemory;
import services.chorus.seqthink.issuer.store.StoreException;
import services.chorus.seqthink.testing.HandMovedClock;
import services.chorus.seqthink.testing.LogWatch;

class IssuerTest {

    @TempDir private Path folder;

    @Test
    void createsNoFileBeforeTheFirstCall() {
        var issuer = new Issuer(config(), IssuerTest::noAssertions, new HandMovedClock());
        assertThat(folder).isEmptyDirectory();

        assertThat(issuer.keys().jwks()).contains("\"kty\":\"RSA\"");
        assertThat(folder.resolve("keys.json")).exists();
    }

    @Test
    void recoversOnceItsFileIsRepaired() throws IOException {
        Path keys = Files.writeString(folder.resolve("keys.json"), "{");
        var issuer = new Issuer(config(), IssuerTest::noAssertions, new HandMovedClock());
        assertThatThrownBy(issuer::keys).isInstanceOf(StoreException.class);

        Files.delete(keys);
        assertThat(issuer.keys().jwks()).contains("\"kty\":\"RSA\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "keys.json.pending.tmp",
                "clients.json.pending",
                "clients.json.used.json.pending",
                "revoked.json.pending"
            })
    void createsNoKeysAfterAnInterruptedRestore(String left) throws IOException {
        Files.writeString(folder.resolve(left), "{");
        var issuer = new Issuer(config(), IssuerTest::noAssertions, new HandMovedClock());

        assertThatThrownBy(issuer::keys)
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("restore the same backup again");
        assertThat(folder.resolve("keys.json")).doesNotExist();
    }

    @Test
    void answers503ForABrokenFileWithoutDetails() {
        StoreException failure = StoreException.missing(folder);

        try (var response = new OAuthErrorMappers(new HandMovedClock()).unusableFile(failure)) {
            assertThat(response.getStatus()).isEqualTo(503);
            assertThat(response.getHeaderString("Retry-After")).isNotBlank();
            assertThat(response.getEntity().toString())
                    .contains("temporarily_unavailable")
                    .doesNotContain(folder.toString());
        }
    }

    @Test
    void logsAProblemOnceAnHour() {
        var clock = new HandMovedClock();
        var mapper = new OAuthErrorMappers(clock);
        try (LogWatch log = new LogWatch()) {
            for (Path path : List.of(folder, folder, folder.resolve("other"))) {
                mapper.unusableFile(StoreException.missing(path)).close();
            }
            assertThat(log.lines()).filteredOn(line -> line.contains("is missing")).hasSize(2);

            clock.advance(Duration.ofHours(1));
            mapper.unusableFile(StoreException.missing(folder.resolve("other"))).close();
            assertThat(log.lines()).filteredOn(line -> line.contains("is missing")).hasSize(3);
        }
    }

    private static AssertionMemory noAssertions() {
        throw new AssertionError("No client sends an assertion here");
    }

    private IssuerConfig config() {
        return IssuerConfigs.complete(folder);
    }
}

package services.chorus.seqthink.issuer.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import services.chorus.seqthink.issuer.keys.SigningKeys.PublishedKey;
import services.chorus.seqthink.issuer.store.StoreException;
import services.chorus.seqthink.testing.HandMovedClock;

/** Files from before 1.0, in which each key has a state. */
class OldFileTest {

    private final HandMovedClock clock = new HandMovedClock();
    private final Instant made = clock.instant().minus(Duration.ofHours(1));
    private final KeyPair signing = KeyAlgorithm.RS256.generate();
    private final KeyPair verifying = KeyAlgorithm.RS256.generate();

    @TempDir private Path folder;

    @Test
    void opensWithItsSigningKey() throws IOException {
        SigningKeys keys = open(entry(signing, "SIGNING"));

        assertThat(keys.current()).isEqualTo(new PublishedKey(SigningKey.kid(signing), made));
        assertThat(keys.age()).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void opensWithAVerifyingKeyToo() throws IOException {
        SigningKeys keys = open(entry(verifying, "VERIFYING"), entry(signing, "SIGNING"));

        assertThat(keys.current().kid()).isEqualTo(SigningKey.kid(signing));
        assertThat(keys.jwks()).contains(SigningKey.kid(signing), SigningKey.kid(verifying));
    }

    @Test
    void rotatesByTimes() throws IOException {
        SigningKeys keys = open(entry(verifying, "VERIFYING"), entry(signing, "SIGNING"));
        clock.advance(TestKeys.ROTATION);

        keys.maintain();

        assertThat(Files.readString(path())).contains("signs_from").doesNotContain("state");
        assertThat(keys.current().kid()).isEqualTo(SigningKey.kid(signing));
        assertThat(keys.jwks()).doesNotContain(SigningKey.kid(verifying));
        assertThat(TestKeys.open(path(), clock).jwks()).isEqualTo(keys.jwks());
    }

    @Test
    void addsTheMissingTimes() throws IOException {
        open(entry(signing, "SIGNING")).maintain();

        assertThat(Files.readString(path()))
                .contains("\"lead\" : \"PT7M\"", "\"grace\" : \"PT24H\"");
    }

    @Test
    void rejectsAFileWithoutASigningKey() {
        assertThatThrownBy(() -> open(entry(signing, "VERIFYING")))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("exactly one key");
    }

    @Test
    void rejectsAFileWithTwoSigningKeys() {
        assertThatThrownBy(() -> open(entry(signing, "SIGNING"), entry(verifying, "SIGNING")))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("exactly one key");
    }

    private SigningKeys open(String... entries) throws IOException {
        Files.writeString(path(), "{\"keys\":[" + String.join(",", entries) + "]}");
        return TestKeys.open(path(), clock);
    }

    private String entry(KeyPair pair, String state) {
        return "{\"kid\":\"%s\",\"created_at\":\"%s\",\"state\":\"%s\",\"pkcs8\":\"%s\"}"
                .formatted(
                        SigningKey.kid(pair),
                        made,
                        state,
                        Base64.getEncoder().encodeToString(pair.getPrivate().getEncoded()));
    }

    private Path path() {
        return folder.resolve("keys.json");
    }
}

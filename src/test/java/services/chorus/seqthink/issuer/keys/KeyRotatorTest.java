package services.chorus.seqthink.issuer.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import services.chorus.seqthink.issuer.store.StoreException;
import services.chorus.seqthink.testing.HandMovedClock;
import services.chorus.seqthink.testing.LogWatch;

class KeyRotatorTest {

    private static final Duration PACE = Duration.ofMillis(5);

    private final HandMovedClock clock = new HandMovedClock();

    @TempDir private Path folder;

    @Test
    void rotatesWithoutARequest() {
        SigningKeys keys = open();
        String first = keys.current().kid();
        try (KeyRotator rotator = KeyRotator.start(keys, PACE)) {
            clock.advance(TestKeys.ROTATION.minus(TestKeys.LEAD));
            await().until(() -> keys.jwks().split("\"kid\"").length == 3);
            clock.advance(TestKeys.LEAD);

            assertThat(keys.current().kid()).isNotEqualTo(first);
            assertThat(rotator).isNotNull();
        }
    }

    @Test
    void logsAFailureAndTheRecoveryOnce() throws IOException {
        SigningKeys keys = open();
        Path aside = folder.resolve("aside.json");
        try (LogWatch log = new LogWatch(Level.INFO);
                KeyRotator rotator = KeyRotator.start(keys, PACE)) {
            Files.move(path(), aside);
            clock.advance(TestKeys.ROTATION.multipliedBy(2));
            await().until(() -> !said(log, "cannot be changed").isEmpty());
            assertThat(keys.untilRotation()).isNegative();
            Files.move(aside, path());
            await().until(() -> !said(log, "can be changed again").isEmpty());

            assertThat(keys.untilRotation()).isPositive();
            assertThat(said(log, "cannot be changed")).hasSize(1);
            assertThat(said(log, "can be changed again")).hasSize(1);
            assertThat(rotator).isNotNull();
        }
    }

    @Test
    void warnsOnceThatTheAlgorithmChangeIsDelayed() {
        open().rotate();
        SigningKeys keys = TestKeys.open(path(), KeyAlgorithm.RS256, KeyStorage.clear(), clock);
        try (LogWatch log = new LogWatch(Level.INFO);
                KeyRotator rotator = KeyRotator.start(keys, PACE)) {
            await().until(() -> log.lines().stream().anyMatch(this::isAboutTheAlgorithm));
            clock.advance(TestKeys.LEAD);
            await().until(() -> keys.algorithmMismatch().isEmpty());

            assertThat(log.lines())
                    .filteredOn(this::isAboutTheAlgorithm)
                    .singleElement()
                    .asString()
                    .contains("RS256", "EdDSA", "the same value");
            assertThat(rotator).isNotNull();
        }
    }

    private boolean isAboutTheAlgorithm(String line) {
        return line.contains("ISSUER_ALGORITHM is");
    }

    @Test
    void doesNotStartWithKeysThatItCannotMaintain() throws IOException {
        SigningKeys keys = open();
        Files.delete(path());
        clock.advance(TestKeys.ROTATION);

        assertThatThrownBy(() -> KeyRotator.start(keys, PACE)).isInstanceOf(StoreException.class);
    }

    private SigningKeys open() {
        return TestKeys.open(path(), KeyAlgorithm.EDDSA, KeyStorage.clear(), clock);
    }

    private static List<String> said(LogWatch log, String words) {
        return log.lines().stream().filter(line -> line.contains("keys " + words)).toList();
    }

    private Path path() {
        return folder.resolve("keys.json");
    }
}

package services.chorus.seqthink.issuer.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.entry;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.issuer.store.StoreException;
import services.chorus.seqthink.testing.HandMovedClock;
import services.chorus.seqthink.testing.LogWatch;

class LastUsedTest {

    private static final Duration NEVER = Duration.ofDays(1);

    private final HandMovedClock clock = new HandMovedClock();

    @TempDir private Path folder;

    private Path path;
    private Clients clients;

    @BeforeEach
    void registerTwo() {
        path = folder.resolve("clients.json");
        clients = Clients.open(path, clock);
        Registrations.add(clients, Asserting.agent("one")).close();
        Registrations.add(clients, Asserting.agent("two")).close();
    }

    @Test
    void storesTheLastTimeOfEachClientBesideTheClientsFile() throws IOException {
        Instant first = clock.instant();
        try (LastUsed used = open(NEVER)) {
            used.note("one");
            used.note("two");
            clock.advance(Duration.ofMinutes(5));
            used.note("two");
        }

        try (LastUsed used = open(NEVER)) {
            assertThat(used.times())
                    .containsOnly(entry("one", first), entry("two", clock.instant()));
        }
        Path file = folder.resolve("clients.json.used.json");
        assertThat(LastUsed.path(path)).isEqualTo(file);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void writesFromTimeToTimeAndNotOnEachUse() {
        try (LastUsed seldom = open(NEVER)) {
            seldom.note("one");
            assertThat(LastUsed.path(path)).doesNotExist();
        }
        try (LastUsed used = open(Duration.ofMillis(20))) {
            used.note("two");
            await().until(() -> stored().contains("two"));
            clock.advance(Duration.ofHours(1));
            used.note("two");
            await().until(() -> stored().contains(clock.instant().toString()));
        }
    }

    @Test
    void writesNothingWhenNoClientWasUsed() {
        open(NEVER).close();

        assertThat(LastUsed.path(path)).doesNotExist();
    }

    @Test
    void dropsARemovedClient() throws IOException {
        try (LastUsed used = open(NEVER)) {
            used.note("one");
            used.note("two");
            used.write();
            clients.remove("one");

            assertThat(used.times()).containsOnlyKeys("two");
            used.write();
        }
        assertThat(stored()).contains("two").doesNotContain("one");
    }

    @Test
    void keepsTimesThatAnotherProcessWrote() {
        try (LastUsed ours = open(NEVER);
                LastUsed theirs = open(NEVER)) {
            ours.note("one");
            theirs.note("one");
            clock.advance(Duration.ofMinutes(1));
            theirs.note("one");
            theirs.note("two");
            theirs.write();
            ours.write();

            assertThat(ours.times())
                    .containsOnly(entry("one", clock.instant()), entry("two", clock.instant()));
        }
    }

    @Test
    void continuesWithABrokenFileAndKeepsNotedTimes() throws IOException {
        Files.writeString(LastUsed.path(path), "{");
        try (LastUsed used = open(Duration.ofMillis(20))) {
            used.note("one");
            used.note("two");
            assertThat(LastUsed.path(path)).hasContent("{");

            Files.delete(LastUsed.path(path));
        }
        assertThat(stored()).contains("one", "two");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"last_used\":null}", "{\"last_used\":{\"one\":null}}"})
    void reportsAFileWithoutTimesAsBroken(String content) throws IOException {
        Files.writeString(LastUsed.path(path), content);

        try (LogWatch log = new LogWatch()) {
            LastUsed used = open(NEVER);
            used.note("one");
            assertThatExceptionOfType(StoreException.class)
                    .isThrownBy(used::times)
                    .withMessageContaining("is broken");
            used.close();

            assertThat(log.lines()).anyMatch(line -> line.contains("is broken"));
        }
        assertThat(LastUsed.path(path)).hasContent(content);
    }

    private LastUsed open(Duration betweenWrites) {
        return new LastUsed(clients, path, clock, betweenWrites);
    }

    private String stored() throws IOException {
        Path file = LastUsed.path(path);
        return Files.exists(file) ? Files.readString(file) : "";
    }
}

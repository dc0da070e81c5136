package services.chorus.seqthink.sealing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import services.chorus.seqthink.age.AgeException;
import services.chorus.seqthink.age.AgeFile;
import services.chorus.seqthink.age.Encoding;
import services.chorus.seqthink.age.HybridIdentity;
import services.chorus.seqthink.age.KeyIdentity;
import services.chorus.seqthink.age.Opened;
import services.chorus.seqthink.sealing.LiveKeyring.Pace;
import services.chorus.seqthink.testing.AgeKey;
import services.chorus.seqthink.testing.LogWatch;

class LiveKeyringTest {

    private static final Pace FAST = new Pace(Duration.ofMillis(20), Duration.ofMillis(100));
    private static final Pace FAST_AND_LONG_REMEMBERING =
            new Pace(Duration.ofMillis(20), Duration.ofHours(1));

    @TempDir Path folder;

    private final AgeKey first = AgeKey.generate();
    private final AgeKey second = AgeKey.generate();
    private final AgeKey reader = AgeKey.generate();
    private final AtomicReference<Instant> now =
            new AtomicReference<>(Instant.parse("2027-01-31T00:00:00Z"));
    private final InstantSource clock = now::get;
    private final LogWatch log = new LogWatch(Level.INFO);
    private Path identities;
    private Path recipients;
    private LiveKeyring live;

    @BeforeEach
    void startWithOneIdentity() throws IOException {
        identities = folder.resolve("door.key");
        recipients = folder.resolve("bare.pub");
        Files.createFile(
                identities,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(identities, first.secret() + "\n");
        Files.writeString(recipients, reader.recipient() + "\n");
        open(FAST);
    }

    @AfterEach
    void end() {
        live.close();
        log.close();
    }

    @Test
    void pollsOftenEnoughToReloadWithinFiveSeconds() {
        assertThat(Pace.USUAL.look().multipliedBy(2)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void loadsAnAddedIdentityAndKeepsTheObjectOfTheOther() throws IOException {
        KeyIdentity before = live.current().currentIdentity();

        Files.writeString(identities, second.secret() + "\n" + first.secret() + "\n# new\n");
        assertStaysRefused("recipients-version is below 2");
        Files.writeString(identities, file(2, second, first));

        awaitVersion(2);
        assertThat(live.current().identities()).hasSize(2).last().isSameAs(before);
        assertThat(live.current().currentIdentity().recipient().toString())
                .isEqualTo(second.recipient());
        assertThat(live.broken()).isFalse();
    }

    @Test
    void reloadsTheRecipientsOfBareReplies() throws IOException {
        Keyring before = live.current();
        Files.writeString(recipients, second.recipient() + "\n");

        await().until(() -> live.current() != before);

        assertThat(live.current().bareRecipients()).containsExactly(second.identity().recipient());
        assertThat(live.current().identities()).isEqualTo(before.identities());
    }

    @Test
    void opensWithARemovedIdentityUntilItIsWiped() throws IOException {
        open(FAST_AND_LONG_REMEMBERING);
        KeyIdentity removed = live.current().currentIdentity();
        Files.writeString(identities, file(2, second));
        awaitVersion(2);

        assertThat(live.current().identities()).doesNotContain(removed);
        assertThat(opens(removed, first)).isTrue();

        live.close();
        assertThat(opens(removed, first)).isFalse();
    }

    @Test
    void wipesARemovedIdentityAfterADelay() throws IOException {
        KeyIdentity removed = live.current().currentIdentity();
        Files.writeString(identities, file(2, second));
        awaitVersion(2);

        await().until(() -> !opens(removed, first));
        assertThat(opens(live.current().currentIdentity(), second)).isTrue();
    }

    @Test
    void wipesEverythingWhenClosed() {
        KeyIdentity identity = live.current().currentIdentity();
        assertThat(opens(identity, first)).isTrue();

        live.close();

        assertThat(opens(identity, first)).isFalse();
    }

    @Test
    void keepsItsKeysWhileAFileIsBrokenAndLogsThatOnce() throws IOException {
        Keyring before = live.current();
        Files.writeString(identities, first.secret() + "\nhunter2\n");
        assertStaysRefused("AGE_IDENT_PATH names a broken file: Line 2: ");
        Files.writeString(identities, "");
        assertStaysRefused("AGE_IDENT_PATH names a broken file: The file holds no identity");
        Files.delete(identities);
        assertStaysRefused("AGE_IDENT_PATH names a file that does not exist");
        Files.createDirectory(identities);
        assertStaysRefused("AGE_IDENT_PATH names a file that cannot be read");
        Files.delete(identities);
        Files.writeString(identities, file(1, first));
        await().until(() -> !live.broken());
        assertThat(live.current()).isEqualTo(before);
        Files.writeString(
                recipients,
                reader.recipient() + "\n" + HybridIdentity.generate().recipient() + "\n");
        assertStaysRefused("AGE_RECIPS_PATH names a broken file: ");

        assertThat(live.current()).isEqualTo(before);
        assertThat(log.lines()).filteredOn(line -> line.endsWith("stay in use")).hasSize(5);
        assertThat(log.lines()).noneMatch(line -> line.contains("hunter2"));
    }

    @Test
    void rejectsALowerVersion() throws IOException {
        Files.writeString(identities, file(4, first));
        awaitVersion(4);

        Files.writeString(identities, file(3, first));

        assertStaysRefused("recipients-version is below 4");
    }

    @Test
    void logsTheKeysItLoaded() throws IOException {
        Files.writeString(identities, file(3, second, first));
        awaitVersion(3);

        await().untilAsserted(
                        () ->
                                assertThat(log.lines())
                                        .anyMatch(
                                                line ->
                                                        line.endsWith(
                                                                ("version 3, current %s, other"
                                                                                + " identities that decrypt requests [%s]")
                                                                        .formatted(
                                                                                fingerprint(second),
                                                                                fingerprint(
                                                                                        first)))));
    }

    @Test
    void warnsOfAFileThatOthersCanRead() throws IOException {
        Files.setPosixFilePermissions(identities, PosixFilePermissions.fromString("rw-r--r--"));
        Files.writeString(identities, file(2, second));

        await().untilAsserted(
                        () ->
                                assertThat(log.lines())
                                        .anyMatch(line -> line.contains("has mode rw-r--r--")));
    }

    @Test
    void reloadsWhenKubernetesSwapsAVolume() throws IOException {
        Path volume = Files.createDirectory(folder.resolve("volume"));
        identities = volume.resolve("door.key");
        publish(volume, "..one", file(1, first));
        Files.createSymbolicLink(identities, Path.of("..data", "door.key"));
        open(FAST);

        publish(volume, "..two", file(2, second, first));

        awaitVersion(2);
    }

    @Test
    void notifiesAllListenersEvenWhenOneThrows() throws IOException {
        BlockingQueue<Keyring> told = new LinkedBlockingQueue<>();
        live.onChange(
                keyring -> {
                    throw new IllegalStateException(second.secret());
                });
        live.onChange(told::add);
        Files.writeString(identities, file(2, second, first));
        awaitVersion(2);
        Files.writeString(identities, file(3, first, second));
        awaitVersion(3);

        await().untilAsserted(
                        () ->
                                assertThat(told)
                                        .extracting(Keyring::version)
                                        .containsExactly(2L, 3L));
    }

    @Test
    void reportsHowLongEachIdentityWasIdle() throws IOException {
        KeyIdentity old = live.current().currentIdentity();
        now.updateAndGet(time -> time.plusSeconds(30));
        Files.writeString(identities, file(2, second, first));
        awaitVersion(2);
        KeyIdentity fresh = live.current().currentIdentity();
        assertThat(live.idle(old)).isEqualTo(Duration.ofSeconds(30));
        assertThat(live.idle(fresh)).isZero();

        now.updateAndGet(time -> time.plusSeconds(10));
        live.opened(old);
        now.updateAndGet(time -> time.plusSeconds(1));

        assertThat(live.idle(old)).isEqualTo(Duration.ofSeconds(1));
        assertThat(live.idle(fresh)).isEqualTo(Duration.ofSeconds(11));
    }

    @Test
    void doesNotStartWithUnusableFiles() throws IOException {
        Files.writeString(identities, "");

        assertThatThrownBy(() -> LiveKeyring.open(identities, Optional.of(recipients), clock))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("AGE_IDENT_PATH names a broken file: ");
    }

    private void open(Pace pace) throws IOException {
        if (live != null) {
            live.close();
        }
        live = new LiveKeyring(identities, Optional.of(recipients), clock, pace);
    }

    private void awaitVersion(long version) {
        await().until(() -> live.current().version() == version);
    }

    private void assertStaysRefused(String why) {
        await().untilAsserted(
                        () ->
                                assertThat(log.lines())
                                        .last()
                                        .asString()
                                        .contains(why, "stay in use"));
        assertThat(live.broken()).isTrue();
    }

    private static void publish(Path volume, String name, String content) throws IOException {
        Path version = Files.createDirectory(volume.resolve(name));
        Files.writeString(version.resolve("door.key"), content);
        Path link = Files.createSymbolicLink(volume.resolve("..data_tmp"), Path.of(name));
        Files.move(link, volume.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
    }

    private static String file(long version, AgeKey... keys) {
        StringBuilder file = new StringBuilder("# recipients-version: " + version + "\n");
        for (AgeKey key : keys) {
            file.append(key.secret()).append('\n');
        }
        return file.toString();
    }

    private static boolean opens(KeyIdentity identity, AgeKey key) {
        try {
            byte[] sealed =
                    AgeFile.seal(
                            "x".getBytes(UTF_8),
                            List.of(key.identity().recipient()),
                            Encoding.BINARY);
            return AgeFile.open(sealed, List.of(identity), 1) instanceof Opened.Plaintext;
        } catch (AgeException e) {
            throw new AssertionError(e);
        }
    }

    private static String fingerprint(AgeKey key) {
        return key.identity().recipient().fingerprint();
    }
}

package services.chorus.seqthink.issuer.revoked;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import services.chorus.seqthink.issuer.store.StoreException;
import services.chorus.seqthink.testing.Client;
import services.chorus.seqthink.testing.HandMovedClock;

class RevokedTokensTest {

    private static final Duration LIFE = Duration.ofMinutes(10);

    private final HandMovedClock clock = new HandMovedClock();

    @TempDir private Path folder;

    @Test
    void storesTheHashesOfRevokedTokens() throws Exception {
        RevokedTokens revoked = open();
        assertThat(revoked.contains("one")).isFalse();
        assertThat(path()).doesNotExist();

        revoked.add("one", end());

        assertThat(revoked.contains("one")).isTrue();
        assertThat(revoked.contains("two")).isFalse();
        assertThat(hashes(revoked)).containsExactly(Client.sha256("one".getBytes(UTF_8)));
        assertThat(open().contains("one")).isTrue();
        assertThat(Files.readString(path())).doesNotContain("\"one\"");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path())))
                .isEqualTo("rw-------");
    }

    @Test
    void keepsATokenForAsLongAsAGatewayMightAcceptIt() throws Exception {
        RevokedTokens revoked = open();
        revoked.add("one", end());

        clock.advance(LIFE.plusSeconds(59));
        assertThat(hashes(revoked)).hasSize(1);
        clock.advance(Duration.ofSeconds(1));
        assertThat(hashes(revoked)).isEmpty();

        revoked.add("two", end());
        assertThat(Files.readString(path())).doesNotContain(Client.sha256("one".getBytes(UTF_8)));
    }

    @Test
    void revokesAnExpiredTokenThatAGatewayMightStillAccept() throws Exception {
        RevokedTokens revoked = open();

        revoked.add("just ended", clock.instant().minusSeconds(30));
        revoked.add("long gone", clock.instant().minusSeconds(60));

        assertThat(revoked.contains("just ended")).isTrue();
        assertThat(revoked.contains("long gone")).isFalse();
    }

    @Test
    void reloadsWhatAnotherProcessRevoked() throws Exception {
        RevokedTokens revoked = open();
        open().add("one", end());
        assertThat(revoked.contains("one")).isFalse();

        clock.advance(Duration.ofSeconds(2));

        assertThat(revoked.contains("one")).isTrue();
    }

    @Test
    void keepsWhatOthersRevokedMeanwhile() throws Exception {
        RevokedTokens revoked = open();
        open().add("one", end());

        revoked.add("two", end());

        assertThat(revoked.contains("one")).isTrue();
        assertThat(revoked.contains("two")).isTrue();
    }

    @Test
    void keepsItsTokensWhileTheFileIsBroken() throws Exception {
        RevokedTokens revoked = open();
        revoked.add("one", end());

        Files.writeString(path(), "{");
        clock.advance(Duration.ofSeconds(2));

        assertThat(revoked.contains("one")).isTrue();
        assertThatThrownBy(() -> revoked.add("two", end())).isInstanceOf(StoreException.class);
        assertThatThrownBy(this::open).isInstanceOf(StoreException.class);
    }

    @Test
    void refusesAnEntryRatherThanDropOne() throws Exception {
        fill();
        RevokedTokens revoked = open();

        assertThat(revoked.add("one more", end())).isFalse();
        assertThat(hashes(revoked)).hasSize(RevokedTokens.MOST);
        assertThat(revoked.add("7", end())).isTrue();

        clock.advance(LIFE.plusMinutes(1));
        revoked.add("one more", end());
        assertThat(hashes(revoked)).hasSize(1);
    }

    @Test
    void leavesRoomForOtherClients() throws Exception {
        fill(RevokedTokens.MOST_OF_A_CLIENT - 1, end() + " greedy");
        RevokedTokens revoked = open();
        assertThat(revoked.add("the last", end(), "greedy")).isTrue();

        assertThat(revoked.add("one more", end(), "greedy")).isFalse();
        assertThat(revoked.add("7", end(), "greedy")).isTrue();
        assertThat(revoked.add("another's", end(), "modest")).isTrue();
        assertThat(revoked.add("an operator's", end())).isTrue();

        clock.advance(LIFE.plusMinutes(1));
        assertThat(revoked.add("one more", end(), "greedy")).isTrue();
    }

    @Test
    void leavesRoomForAnOperator() throws Exception {
        int clients = RevokedTokens.MOST - RevokedTokens.RESERVED_FOR_OPERATOR;
        fill(clients - 1, end() + " many");
        RevokedTokens revoked = open();
        assertThat(revoked.add("the last", end(), "agent")).isTrue();

        assertThat(revoked.add("one more", end(), "agent")).isFalse();
        assertThat(revoked.add("one more", end())).isTrue();
    }

    @Test
    void writesNothingWhenNothingChanges() throws Exception {
        RevokedTokens revoked = open();
        RevokedTokens elsewhere = open();
        revoked.add("one", end(), "agent");
        Files.setLastModifiedTime(path(), FileTime.from(Instant.EPOCH));

        revoked.add("one", end(), "agent");
        elsewhere.add("one", end(), "agent");
        assertThat(elsewhere.contains("one")).isTrue();
        assertThat(written()).isEqualTo(FileTime.from(Instant.EPOCH));

        revoked.add("two", end(), "agent");
        assertThat(written()).isNotEqualTo(FileTime.from(Instant.EPOCH));
    }

    @Test
    void writesNothingWhenThereIsNoRoom() throws Exception {
        fill();
        RevokedTokens revoked = open();
        Files.setLastModifiedTime(path(), FileTime.from(Instant.EPOCH));

        assertThat(revoked.add("one more", end(), "agent")).isFalse();

        assertThat(written()).isEqualTo(FileTime.from(Instant.EPOCH));
    }

    @Test
    void opensAFileWithoutClients() throws Exception {
        Files.writeString(path(), "{\"revoked\": {\"%s\": \"%s\"}}".formatted(hash(1), end()));
        RevokedTokens revoked = open();
        assertThat(revoked.contains("1")).isTrue();

        revoked.add("2", end(), "agent");

        assertThat(open().contains("1")).isTrue();
        assertThat(open().contains("2")).isTrue();
        assertThat(Files.readString(path()))
                .contains("\"%s agent\"".formatted(end().plusSeconds(60)));
    }

    @Test
    void rejectsAFileWithEntriesWithoutATime() throws Exception {
        Files.writeString(path(), "{\"revoked\": {\"%s\": \"agent\"}}".formatted(hash(1)));

        assertThatThrownBy(this::open).isInstanceOf(StoreException.class);
    }

    private void fill() throws IOException {
        fill(RevokedTokens.MOST, end().toString());
    }

    private void fill(int tokens, String entry) throws IOException {
        String entries =
                IntStream.range(0, tokens)
                        .mapToObj(i -> "\"%s\": \"%s\"".formatted(hash(i), entry))
                        .collect(joining(","));
        Files.writeString(path(), "{\"revoked\": {%s}}".formatted(entries));
    }

    private Set<String> hashes(RevokedTokens revoked) {
        return revoked.current().since(clock.instant()).keySet();
    }

    private FileTime written() throws IOException {
        return Files.getLastModifiedTime(path());
    }

    private static String hash(int i) {
        return Client.sha256(Integer.toString(i).getBytes(UTF_8));
    }

    private RevokedTokens open() {
        return RevokedTokens.open(path(), clock);
    }

    private Instant end() {
        return clock.instant().plus(LIFE);
    }

    private Path path() {
        return folder.resolve("revoked.json");
    }
}

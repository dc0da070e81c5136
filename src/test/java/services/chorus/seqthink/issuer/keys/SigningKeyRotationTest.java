package services.chorus.seqthink.issuer.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import services.chorus.seqthink.issuer.keys.SigningKeys.KeyWaitingException;
import services.chorus.seqthink.issuer.keys.SigningKeys.PublishedKey;
import services.chorus.seqthink.issuer.store.StoreException;
import services.chorus.seqthink.testing.HandMovedClock;

class SigningKeyRotationTest {

    private static final Duration MOMENT = Duration.ofMillis(1);

    private final HandMovedClock clock = new HandMovedClock();
    private final Instant begin = clock.instant();

    @TempDir private Path folder;

    private SigningKeys keys;
    private String first;

    @BeforeEach
    void open() {
        keys = open(KeyAlgorithm.EDDSA);
        first = keys.current().kid();
    }

    @Test
    void signsWithTheFirstKeyAtOnce() {
        assertThat(keys.current().signsFrom()).isEqualTo(begin);
        assertThat(published()).containsExactly(first);
    }

    @Test
    void doesNothingBeforeTheNextKeyIsDue() throws IOException {
        byte[] before = Files.readAllBytes(path());
        clock.advance(TestKeys.ROTATION.minus(TestKeys.LEAD).minus(MOMENT));

        keys.maintain();

        assertThat(path()).hasBinaryContent(before);
    }

    @Test
    void publishesTheNextKeyAheadOfItsRotation() {
        clock.advance(TestKeys.ROTATION.minus(TestKeys.LEAD));
        keys.maintain();

        assertThat(published()).hasSize(2).startsWith(first);
        clock.advance(TestKeys.LEAD.minus(MOMENT));
        assertThat(keys.current().kid()).isEqualTo(first);
        clock.advance(MOMENT);
        assertThat(keys.current())
                .isEqualTo(new PublishedKey(published().getLast(), begin.plus(TestKeys.ROTATION)));
    }

    @Test
    void publishesALateKeyForTheWholeLead() {
        clock.advance(TestKeys.ROTATION.multipliedBy(3));
        assertThat(keys.untilRotation()).isEqualTo(TestKeys.ROTATION.multipliedBy(-2));

        keys.maintain();

        assertThat(keys.untilRotation()).isEqualTo(TestKeys.LEAD);
        assertThat(keys.current().kid()).isEqualTo(first);
    }

    @Test
    void dropsAKeyAfterItsGrace() throws IOException {
        keys.rotate();
        clock.advance(TestKeys.LEAD.plus(TestKeys.GRACE));
        assertThat(published()).hasSize(2);

        clock.advance(MOMENT);
        assertThat(published()).hasSize(1).doesNotContain(first);
        keys.maintain();
        assertThat(Files.readString(path())).doesNotContain(first);
    }

    @Test
    void keepsAKeyForTheLongestConfiguredGrace() throws IOException {
        Duration shortGrace = Duration.ofHours(1);
        SigningKeys later = open(TestKeys.LEAD, shortGrace);
        later.rotate();
        clock.advance(TestKeys.LEAD.plus(TestKeys.GRACE));
        later.maintain();
        assertThat(later.jwks()).contains(first);

        clock.advance(MOMENT);
        later.maintain();
        assertThat(Files.readString(path())).doesNotContain(first);

        String second = later.current().kid();
        later.rotate();
        clock.advance(TestKeys.LEAD.plus(shortGrace).plus(MOMENT));
        assertThat(later.jwks()).doesNotContain(second);
    }

    @Test
    void appliesALongerGraceToOldKeys() {
        open(TestKeys.LEAD, TestKeys.GRACE.multipliedBy(2)).maintain();
        keys.rotate();

        clock.advance(TestKeys.LEAD.plus(TestKeys.GRACE).plus(MOMENT));

        assertThat(published()).hasSize(2).startsWith(first);
    }

    @Test
    void usesTheLongestConfiguredLead() {
        Duration longLead = KeyPlan.lead(KeyPlan.LONGEST_JWKS_LIFE);
        open(longLead, TestKeys.GRACE).maintain();

        assertThat(keys.rotate().signsFrom()).isEqualTo(begin.plus(longLead));

        clock.advance(longLead.plus(TestKeys.GRACE).plus(MOMENT));
        keys.maintain();
        assertThat(keys.rotate().signsFrom()).isEqualTo(clock.instant().plus(TestKeys.LEAD));
    }

    @Test
    void rotatesOnDemandOnceAtATime() throws IOException {
        PublishedKey next = keys.rotate();
        byte[] before = Files.readAllBytes(path());

        assertThat(next.signsFrom()).isEqualTo(begin.plus(TestKeys.LEAD));
        assertThatThrownBy(keys::rotate)
                .isInstanceOf(KeyWaitingException.class)
                .hasMessageContaining(next.kid())
                .hasMessageContaining(next.signsFrom().toString());
        assertThat(path()).hasBinaryContent(before);

        clock.advance(TestKeys.LEAD);
        assertThat(keys.current()).isEqualTo(next);
        assertThat(keys.rotate().kid()).isNotEqualTo(next.kid());
    }

    @Test
    void replacesAllKeysByANewOne() {
        PublishedKey waiting = keys.rotate();
        String token = keys.sign("at+jwt", "{}");

        List<PublishedKey> dropped = keys.replace();

        assertThat(dropped).extracting(PublishedKey::kid).containsExactly(first, waiting.kid());
        assertThat(published()).containsExactly(keys.current().kid());
        assertThat(keys.current().signsFrom()).isEqualTo(begin);
        assertThat(keys.verified("at+jwt", token)).isEmpty();
        assertThat(keys.verified("at+jwt", keys.sign("at+jwt", "{}"))).isPresent();
    }

    @Test
    void publishesAKeyOfANewAlgorithmAtOnceAndSignsAfterTheLead() {
        String token = keys.sign("at+jwt", "{}");
        SigningKeys others = open(KeyAlgorithm.RS256);

        others.maintain();
        others.maintain();

        assertThat(others.jwks().split("\"kid\"")).hasSize(3);
        assertThat(others.jwks()).contains("RS256", "EdDSA");
        assertThat(others.current().kid()).isEqualTo(first);
        clock.advance(TestKeys.LEAD);
        assertThat(others.current().kid()).isNotEqualTo(first);
        assertThat(others.verified("at+jwt", others.sign("at+jwt", "{}"))).isPresent();
        assertThat(others.verified("at+jwt", token)).isPresent();
    }

    @Test
    void addsNoKeysWhileAnotherProcessUsesAnotherAlgorithm() {
        SigningKeys others = open(KeyAlgorithm.RS256);

        for (int tick = 0; tick < 10; tick++) {
            others.maintain();
            keys.maintain();
            clock.advance(TestKeys.LEAD);
        }

        assertThat(published()).hasSize(2).startsWith(first);
    }

    @Test
    void changesBackToAnAlgorithmWhoseKeysAreGone() {
        open(KeyAlgorithm.RS256).maintain();
        clock.advance(TestKeys.LEAD.plus(TestKeys.GRACE));
        keys.maintain();
        String rs256 = published().getLast();
        assertThat(published()).containsExactly(first, rs256);

        clock.advance(MOMENT);
        keys.maintain();

        assertThat(published()).hasSize(2).startsWith(rs256);
        assertThat(keys.jwks()).contains("EdDSA");
    }

    @Test
    void changesTheAlgorithmAfterAKeyThatWaits() {
        String next = keys.rotate().kid();
        SigningKeys others = open(KeyAlgorithm.RS256);
        others.maintain();
        assertThat(published()).containsExactly(first, next);

        clock.advance(TestKeys.LEAD);
        others.maintain();

        clock.advance(TestKeys.LEAD);
        assertThat(published()).hasSize(3).startsWith(first, next).endsWith(keys.current().kid());
    }

    @Test
    void losesNoKeyAndMakesNoneWhenTheClockGoesBack() {
        keys.rotate();
        List<String> before = published();

        for (Duration back : List.of(Duration.ofHours(1), Duration.ofDays(30))) {
            clock.advance(back.negated());
            keys.maintain();

            assertThat(published()).isEqualTo(before);
            assertThat(keys.current().kid()).isEqualTo(first);
            assertThat(keys.age()).isGreaterThanOrEqualTo(Duration.ZERO);
            assertThat(keys.verified("at+jwt", keys.sign("at+jwt", "{}"))).isPresent();
        }
        clock.advance(Duration.ofDays(30));
        keys.maintain();
        assertThat(published()).isEqualTo(before);
    }

    @Test
    void rotatesOnDemandAfterTheClockWasFarAhead() {
        clock.advance(Duration.ofDays(365));
        keys.maintain();
        clock.advance(TestKeys.LEAD.plus(TestKeys.GRACE).plus(MOMENT));
        keys.maintain();
        String current = keys.current().kid();
        clock.advance(Duration.ofDays(-365));
        assertThat(keys.current().kid()).isEqualTo(current).isNotEqualTo(first);

        PublishedKey next = keys.rotate();

        assertThat(keys.current()).isEqualTo(new PublishedKey(current, clock.instant()));
        assertThat(next.signsFrom()).isEqualTo(clock.instant().plus(TestKeys.LEAD));
    }

    @Test
    void correctsTheTimeOfAKeyFromAClockFarAheadOnDemand() {
        clock.advance(Duration.ofDays(365));
        keys.maintain();
        String waiting = published().getLast();
        clock.advance(Duration.ofDays(-365));

        assertThat(keys.rotate())
                .isEqualTo(new PublishedKey(waiting, clock.instant().plus(TestKeys.LEAD)));
        assertThat(keys.current().kid()).isEqualTo(first);
        assertThatThrownBy(keys::rotate).isInstanceOf(KeyWaitingException.class);
    }

    @Test
    void keepsItsTimesAcrossRestarts() {
        clock.advance(Duration.ofDays(2));

        SigningKeys again = open(KeyAlgorithm.EDDSA);

        assertThat(again.age()).isEqualTo(Duration.ofDays(2));
        assertThat(again.untilRotation()).isEqualTo(Duration.ofDays(5));
    }

    @Test
    void reloadsWithinTwoSecondsWhatAnotherProcessPublished() {
        keys.jwks();
        PublishedKey next = open(KeyAlgorithm.EDDSA).rotate();

        clock.advance(Duration.ofSeconds(2));

        assertThat(published()).contains(next.kid());
    }

    @Test
    void reloadsAlthoughTheClockWentBack() {
        keys.jwks();
        PublishedKey next = open(KeyAlgorithm.EDDSA).rotate();

        clock.advance(Duration.ofDays(-1));

        assertThat(published()).contains(next.kid());
    }

    @Test
    void createsNoNewFileWhenItsFileDisappears() throws IOException {
        Files.delete(path());
        clock.advance(TestKeys.ROTATION);

        assertThatThrownBy(keys::maintain)
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("is missing");
        assertThatThrownBy(keys::rotate).isInstanceOf(StoreException.class);

        assertThat(path()).doesNotExist();
        assertThat(published()).containsExactly(first);
        assertThat(keys.untilRotation()).isZero();
    }

    private SigningKeys open(KeyAlgorithm algorithm) {
        return TestKeys.open(path(), algorithm, KeyStorage.clear(), clock);
    }

    private SigningKeys open(Duration lead, Duration grace) {
        KeyPlan plan = new KeyPlan(KeyAlgorithm.EDDSA, TestKeys.ROTATION, lead, grace);
        return SigningKeys.open(path(), plan, KeyStorage.clear(), clock);
    }

    private List<String> published() {
        try {
            return new ObjectMapper().readTree(keys.jwks()).findValuesAsText("kid");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Path path() {
        return folder.resolve("keys.json");
    }
}

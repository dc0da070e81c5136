package services.chorus.seqthink.issuer.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static services.chorus.seqthink.issuer.clients.Asserting.agent;
import static services.chorus.seqthink.issuer.clients.Asserting.keys;
import static services.chorus.seqthink.issuer.clients.Asserting.read;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.issuer.clients.AssertionVerifier.AssertionMemory;
import services.chorus.seqthink.issuer.clients.ClientVerifier.Verification.Busy;
import services.chorus.seqthink.issuer.clients.ClientVerifier.Verification.Refused;
import services.chorus.seqthink.issuer.clients.ClientVerifier.Verification.Unavailable;
import services.chorus.seqthink.issuer.clients.ClientVerifier.Verification.Verified;
import services.chorus.seqthink.state.Admission;
import services.chorus.seqthink.testing.HandMadeJws;
import services.chorus.seqthink.testing.HandMovedClock;
import services.chorus.seqthink.testing.TestAssertion;

/** When an assertion is accepted, and how often. */
class AssertionTimesTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final HandMovedClock clock = new HandMovedClock();
    private final HandMadeJws key = HandMadeJws.generate();

    @TempDir private Path folder;

    private Asserting asserting;
    private Clients clients;

    @BeforeEach
    void registerAnAgent() {
        asserting = Asserting.in(folder, clock);
        clients = asserting.clients();
        clients.add(agent("agent"), keys(key.publicJwk()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"exp", "nbf", "iat"})
    void refusesAMalformedTime(String name) {
        assertThat(read(good().claim(name, "1772366460"))).isEmpty();
        assertThat(read(good().claim(name, -1))).isEmpty();
        assertThat(read(good().claim(name, 1e12))).isEmpty();
    }

    @Test
    void acceptsALifetimeOfFiveMinutesAtMost() {
        assertThat(asserting.verify(good().claim("exp", seconds(5 * 60 + 60))))
                .isInstanceOf(Verified.class);
        assertThat(asserting.verify(good().claim("exp", seconds(5 * 60 + 61))))
                .isInstanceOf(Refused.class);
    }

    @Test
    void refusesAnExpiredAssertion() {
        assertThat(asserting.verify(good().claim("exp", seconds(-59))))
                .isInstanceOf(Verified.class);
        assertThat(asserting.verify(good().claim("exp", seconds(-60)))).isInstanceOf(Refused.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nbf", "iat"})
    void refusesAnAssertionFromTheFuture(String name) {
        assertThat(asserting.verify(good().claim(name, seconds(60)))).isInstanceOf(Verified.class);
        assertThat(asserting.verify(good().claim(name, seconds(61)))).isInstanceOf(Refused.class);
    }

    @Test
    void requiresNoTimeButTheExpiry() {
        assertThat(asserting.verify(good().without("iat"))).isInstanceOf(Verified.class);
    }

    @Test
    void acceptsAnAssertionOnce() {
        String assertion = good().claim("exp", seconds(5 * 60)).sign();

        assertThat(asserting.verify(read(assertion).orElseThrow())).isInstanceOf(Verified.class);
        for (int minute = 0; minute < 7; minute++) {
            assertThat(asserting.verify(read(assertion).orElseThrow())).isInstanceOf(Refused.class);
            clock.advance(MINUTE);
        }
    }

    @Test
    void refusesAUsedAssertionOnAReplicaWhoseClockIsBehind() {
        Asserting behind = asserting.by(() -> clock.instant().minus(AssertionVerifier.LEEWAY));
        String assertion = good().claim("exp", seconds(60)).sign();

        assertThat(asserting.verify(read(assertion).orElseThrow())).isInstanceOf(Verified.class);
        clock.advance(Duration.ofSeconds(179)); // a second before it expires on the other replica

        assertThat(behind.verify(read(assertion).orElseThrow())).isInstanceOf(Refused.class);
        assertThat(behind.verify(good().claim("exp", seconds(-119)))).isInstanceOf(Verified.class);
    }

    @Test
    void keepsTheIdsOfClientsApart() {
        HandMadeJws others = HandMadeJws.generate();
        clients.add(agent("other"), keys(others.publicJwk()));

        assertThat(asserting.verify(of("other", others).claim("jti", "1")))
                .isInstanceOf(Verified.class);
        assertThat(asserting.verify(of("agent", others).claim("jti", "1")))
                .isInstanceOf(Refused.class);
        assertThat(asserting.verify(good().claim("jti", "1"))).isInstanceOf(Verified.class);
    }

    @Test
    void refusesAnIdThatIsTooLongOrEmpty() {
        assertThat(read(good().claim("jti", "x".repeat(256)))).isPresent();
        assertThat(read(good().claim("jti", "x".repeat(257)))).isEmpty();
        assertThat(read(good().claim("jti", ""))).isEmpty();
    }

    @Test
    void isBusyForAClientWithTooManyAssertions() {
        HandMadeJws others = HandMadeJws.generate();
        clients.add(agent("other"), keys(others.publicJwk()));
        int used = 0;
        while (asserting.lasting().admit("agent", "id" + used, MINUTE) == Admission.ADMITTED) {
            used++;
        }

        assertThat(used).isGreaterThan(1000);
        assertThat(asserting.verify(good())).isInstanceOf(Busy.class);
        assertThat(asserting.verify(of("other", others))).isInstanceOf(Verified.class);
        clock.advance(MINUTE.multipliedBy(2));
        assertThat(asserting.verify(good())).isInstanceOf(Verified.class);
    }

    @Test
    void acceptsNothingWhileTheMemoryIsUnavailable() {
        asserting.state().fail("client-assertion");
        assertThat(asserting.verify(good())).isInstanceOf(Unavailable.class);

        asserting.state().fail("");
        assertThat(asserting.verify(good())).isInstanceOf(Verified.class);
    }

    @Test
    void refusesAssertionsFromBeforeItsMemoryBegan() {
        AssertionMemory young = AssertionMemory.from(clock.instant(), asserting.state());
        assertThat(young.reaches(clock.instant())).isFalse();
        assertThat(asserting.verify(good(), young)).isInstanceOf(Unavailable.class);

        clock.advance(Duration.ofSeconds(3));
        assertThat(young.reaches(clock.instant())).isTrue();
        assertThat(asserting.verify(good().claim("iat", seconds(-1)), young))
                .isInstanceOf(Unavailable.class);
        assertThat(asserting.verify(good(), young)).isInstanceOf(Verified.class);
        assertThat(asserting.verify(good().claim("iat", seconds(2)), young))
                .isInstanceOf(Verified.class);
        // otherwise it would be accepted again after a restart
        assertThat(asserting.verify(good().claim("iat", seconds(3)), young))
                .isInstanceOf(Refused.class);
    }

    @Test
    void acceptsOneWithoutIatOnlyWhenItsExpiryShowsThatItIsNew() {
        AssertionMemory young = AssertionMemory.from(clock.instant(), asserting.state());
        clock.advance(Duration.ofSeconds(3));

        TestAssertion timeless = good().without("iat");
        assertThat(asserting.verify(timeless.claim("exp", seconds(5 * 60 + 59)), young))
                .isInstanceOf(Unavailable.class);
        assertThat(asserting.verify(timeless.claim("exp", seconds(5 * 60 + 60)), young))
                .isInstanceOf(Verified.class);
    }

    private TestAssertion good() {
        return of("agent", key);
    }

    private TestAssertion of(String clientId, HandMadeJws by) {
        return TestAssertion.by(by).of(clientId, Asserting.ISSUER, clock.instant());
    }

    private long seconds(long fromNow) {
        return clock.instant().getEpochSecond() + fromNow;
    }
}

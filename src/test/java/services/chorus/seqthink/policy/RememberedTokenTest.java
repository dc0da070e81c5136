package services.chorus.seqthink.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.policy.Verdict.Accepted;
import services.chorus.seqthink.policy.Verdict.KeysUnavailable;
import services.chorus.seqthink.policy.Verdict.Refused;

/** For a repeated token, only the verification of its signature is cached. */
class RememberedTokenTest {

    private static final SigningKey KEY = SigningKey.ec("key-1");
    private static final Duration DUE = Duration.ofMinutes(8); // ahead of the usual ten

    private final MutableClock clock = new MutableClock();
    private final JwksServer server = new JwksServer(SigningKey.jwks(KEY));
    private final KeySet keys = keys(clock);
    private final TokenVerifier verifier =
            new TokenVerifier(List.of(TestToken.issuer(keys)), clock);
    private final String token = lasting(KEY);

    /** A token that does not expire within the test. */
    private String lasting(SigningKey key) {
        return TestToken.at(clock.instant())
                .claim("exp", clock.instant().plus(Duration.ofDays(2)).getEpochSecond())
                .signedBy(key);
    }

    private KeySet keys(MutableClock clock) {
        return KeySet.open(
                TestToken.ISSUER,
                JwksServer.source(server.url(), HttpKeySource.TIMEOUT),
                KeySet.MAX_STALE,
                clock,
                TestPace.quick(clock));
    }

    @BeforeEach
    void remember() {
        assertThat(verifier.verify(token)).isInstanceOf(Accepted.class);
        assertThat(verifier.signatureChecks()).isEqualTo(1);
    }

    @AfterEach
    void close() {
        verifier.close();
        server.close();
    }

    private void refresh(SigningKey... published) {
        refresh(SigningKey.jwks(published));
    }

    private void refresh(String jwks) {
        server.serve(jwks);
        int before = server.fetches();
        clock.advance(DUE);
        await().until(
                        () ->
                                server.fetches() > before
                                        && keys.age().orElseThrow().equals(Duration.ZERO));
    }

    @Test
    void isVerifiedOnceForManyCalls() {
        for (int i = 0; i < 100; i++) {
            assertThat(verifier.verify(token)).isInstanceOf(Accepted.class);
        }

        assertThat(verifier.signatureChecks()).isEqualTo(1);
    }

    @Test
    void staysCachedWhenItsKeyIsFetchedAgain() {
        refresh(KEY, SigningKey.ec("key-2"));

        assertThat(verifier.verify(token)).isInstanceOf(Accepted.class);
        assertThat(verifier.signatureChecks()).isEqualTo(1);
    }

    @Test
    void isRefusedWhenItsKeyIsRemoved() {
        refresh(SigningKey.ec("key-2"));

        assertThat(verifier.verify(token)).isEqualTo(new Refused(Reason.UNKNOWN_KEY));
    }

    @Test
    void isRefusedWhenAnotherKeyGetsItsKid() {
        refresh(SigningKey.ec("key-1"));

        assertThat(verifier.verify(token)).isEqualTo(new Refused(Reason.BAD_SIGNATURE));
        assertThat(verifier.signatureChecks()).isEqualTo(2);
    }

    @Test
    void isRefusedWhenItsKeyNoLongerPermitsItsAlgorithm() {
        SigningKey rsa = SigningKey.rsa("rsa");
        refresh(rsa);
        String signed = lasting(rsa);
        assertThat(verifier.verify(signed)).isInstanceOf(Accepted.class);

        refresh(SigningKey.jwks(List.of(rsa.jwkWith("alg", "PS256"))));

        assertThat(verifier.verify(signed)).isEqualTo(new Refused(Reason.ALGORITHM_NOT_ALLOWED));
    }

    @Test
    void isRefusedWhenItExpires() {
        String brief =
                TestToken.at(clock.instant())
                        .claim("exp", clock.instant().plusSeconds(10).getEpochSecond())
                        .signedBy(KEY);
        assertThat(verifier.verify(brief)).isInstanceOf(Accepted.class);

        clock.advance(Duration.ofSeconds(10).plus(TokenVerifier.LEEWAY));

        assertThat(verifier.verify(brief)).isEqualTo(new Refused(Reason.EXPIRED));
    }

    @Test
    void isUnavailableWhenTheKeysAreTooOld() {
        server.answer(500, "");
        clock.advance(KeySet.MAX_STALE);

        assertThat(verifier.verify(token)).isEqualTo(new KeysUnavailable());
    }

    @Test
    void doesNotWaitForAFetch() {
        CountDownLatch latch = new CountDownLatch(1);
        server.serveAfter(latch, SigningKey.jwks(KEY));
        clock.advance(DUE);
        await().until(() -> server.fetches() == 2);

        assertThat(verifier.verify(token)).isInstanceOf(Accepted.class);

        assertThat(keys.age()).contains(DUE); // the fetch has not ended
        latch.countDown();
    }
}

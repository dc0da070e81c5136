package services.chorus.seqthink.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.policy.FetchException.Problem;
import services.chorus.seqthink.policy.RawServer.Manner;
import services.chorus.seqthink.policy.Verdict.Accepted;
import services.chorus.seqthink.policy.Verdict.KeysUnavailable;
import services.chorus.seqthink.policy.Verdict.Refused;

/**
 * An issuer's endpoint fails in every way under load. The order of events, not a clock, shows that
 * no caller waits for a fetch: hundreds of calls end while a fetch cannot end.
 */
class FaultyIssuerTest {

    private static final SigningKey KEY = SigningKey.ec("key-1");
    private static final SigningKey NEXT = SigningKey.ec("key-2");
    private static final SigningKey UNPUBLISHED = SigningKey.ec("");
    private static final String JWKS = SigningKey.jwks(KEY);
    private static final Duration DUE = Duration.ofMinutes(8); // ahead of the usual ten
    private static final int MANY = 500;

    private final MutableClock clock = new MutableClock();
    private final RawServer server = new RawServer(JWKS);
    private final KeySet keys =
            KeySet.open(
                    TestToken.ISSUER,
                    JwksServer.source(
                            server.url(), Duration.ofMinutes(5)), // practically no deadline
                    KeySet.MAX_STALE,
                    clock,
                    TestPace.patient(clock, Duration.ofSeconds(60)));
    private final TokenVerifier verifier =
            new TokenVerifier(List.of(TestToken.issuer(keys)), clock);
    private final CallerLoad load = new CallerLoad(verifier, clock);

    @BeforeEach
    void begin() {
        await().until(keys::ready);
        load.begin(KEY);
    }

    @AfterEach
    void close() throws IOException {
        server.close(); // first, so that callers that still wait end
        load.close();
        verifier.close();
    }

    /** The fetch has begun when this returns. */
    private void beginFetch() {
        int before = server.fetches();
        clock.advance(DUE);
        await().until(() -> server.fetches() > before);
    }

    private Future<Verdict> verifying(String token) {
        return CompletableFuture.supplyAsync(
                () -> verifier.verify(token), Thread::startVirtualThread);
    }

    private String withKeyThatCannotBeHad() {
        return load.token().header("kid", UUID.randomUUID().toString()).signedBy(UNPUBLISHED);
    }

    /** Releases the server's held responses until the caller has its answer. */
    private Verdict answer(Future<Verdict> caller) throws Exception {
        await().until(
                        () -> {
                            server.release();
                            return caller.isDone();
                        });
        return caller.get();
    }

    private void assertFault(Problem problem) throws Exception {
        long failures = keys.failures();
        beginFetch();
        load.awaitAccepted(MANY);

        assertThat(answer(verifying(withKeyThatCannotBeHad()))).isEqualTo(new KeysUnavailable());

        assertThat(keys.failures()).isGreaterThan(failures);
        assertThat(keys.problem()).contains(problem);
        load.assertOnlyTheGoodGotIn();
    }

    private void assertFaultThatHolds(Manner manner) throws Exception {
        server.behave(manner);
        beginFetch();
        long fetches = keys.fetches();
        long failures = keys.failures();
        Future<Verdict> unhad = verifying(withKeyThatCannotBeHad());
        load.awaitAccepted(MANY);
        assertThat(keys.fetches()).isEqualTo(fetches); // so no call can have waited for it
        assertThat(keys.failures()).isEqualTo(failures);

        assertThat(answer(unhad)).isEqualTo(new KeysUnavailable());

        assertThat(keys.problem()).contains(Problem.UNREACHABLE);
        load.assertOnlyTheGoodGotIn();
    }

    private void assertRecovers() {
        server.answer(200, JWKS);
        server.release();
        await().until(() -> keys.problem().isEmpty());
        load.awaitAccepted(MANY);
        load.assertOnlyTheGoodGotIn();
    }

    @Test
    void verifiesCorrectlyAndAtOnceDuringEveryFaultOfTheEndpoint() throws Exception {
        assertFaultThatHolds(Manner.HANG);
        assertRecovers();
        assertFaultThatHolds(Manner.DRIP);
        assertRecovers();

        server.behave(Manner.RESET);
        assertFault(Problem.UNREACHABLE);
        server.answer(500, JWKS);
        assertFault(Problem.WRONG_STATUS);
        server.answer(302, JWKS);
        assertFault(Problem.WRONG_STATUS);
        server.answer(200, "<html><body>Sign in</body></html>");
        assertFault(Problem.NO_KEY_SET);
        server.answer(200, "{}");
        assertFault(Problem.NO_KEY_SET);
        server.answer(200, "");
        assertFault(Problem.NO_KEY_SET);
        server.answer(200, JWKS.substring(0, JWKS.length() / 2));
        assertFault(Problem.NO_KEY_SET);
        server.answer(200, "{\"keys\":[]}");
        assertFault(Problem.NO_USABLE_KEY);
        server.answer(200, wrongKeys());
        assertFault(Problem.NO_USABLE_KEY);
        server.answer(200, JWKS + " ".repeat(256 * 1024));
        assertFault(Problem.UNREACHABLE);
        assertRecovers();
    }

    private static String wrongKeys() {
        return SigningKey.jwks(
                List.of(
                        KEY.jwkWith("use", "enc"),
                        KEY.jwkWith("alg", "HS256"),
                        SigningKey.generate("key-1", SignatureAlgorithm.RS256, 1024).jwk()));
    }

    @Test
    void acceptsAKeyRotatedDuringAFetch() throws Exception {
        server.behave(Manner.LATE);
        beginFetch(); // answered with the previous document
        server.answer(200, SigningKey.jwks(KEY, NEXT));
        Future<Verdict> first = verifying(load.token().signedBy(NEXT));
        load.awaitAccepted(MANY);
        assertThat(first).isNotDone();

        server.release();

        assertThat(first.get(20, TimeUnit.SECONDS)).isInstanceOf(Accepted.class);
        load.assertOnlyTheGoodGotIn();

        String old = load.token().signedBy(KEY);
        assertThat(verifier.verify(old)).isInstanceOf(Accepted.class);
        load.begin(NEXT);
        server.answer(200, SigningKey.jwks(NEXT));
        beginFetch();

        await().until(() -> verifier.verify(old).equals(new Refused(Reason.UNKNOWN_KEY)));
        load.awaitAccepted(MANY);
        load.assertOnlyTheGoodGotIn();
    }

    @Test
    void survivesRepeatedOutages() throws Exception {
        for (int i = 0; i < 10; i++) {
            server.answer(500, "");
            beginFetch();
            assertThat(answer(verifying(withKeyThatCannotBeHad())))
                    .isEqualTo(new KeysUnavailable());
            assertRecovers();
        }
        server.answer(200, SigningKey.jwks(KEY, NEXT));
        assertThat(verifier.verify(load.token().signedBy(NEXT))).isInstanceOf(Accepted.class);
    }
}

package services.chorus.seqthink.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import services.chorus.seqthink.policy.Verdict.Accepted;
import services.chorus.seqthink.policy.Verdict.KeysUnavailable;
import services.chorus.seqthink.policy.Verdict.Refused;

/**
 * An endless load of valid and invalid calls, on platform threads: virtual threads that never block
 * would occupy all carrier threads.
 */
final class CallerLoad implements AutoCloseable {

    private static final int GOOD = 4;
    private static final SigningKey STRANGER = SigningKey.ec("key-1");

    private final TokenVerifier verifier;
    private final MutableClock clock;
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicLong accepted = new AtomicLong();
    private final Set<Verdict> denials = ConcurrentHashMap.newKeySet();
    private final Set<Verdict> ofStrangers = ConcurrentHashMap.newKeySet();
    private final Set<Verdict> ofMadeUpKeys = ConcurrentHashMap.newKeySet();

    CallerLoad(TokenVerifier verifier, MutableClock clock) {
        this.verifier = verifier;
        this.clock = clock;
    }

    /** A unique token that does not expire within the test. */
    TestToken token() {
        return TestToken.at(clock.instant())
                .claim("exp", clock.instant().plus(Duration.ofHours(20)).getEpochSecond())
                .claim("jti", UUID.randomUUID().toString());
    }

    /** Starts valid calls with tokens of this key only. */
    void begin(SigningKey key) {
        close();
        String same = token().signedBy(key);
        for (int i = 0; i < GOOD; i++) {
            boolean fresh = i % 2 == 0; // a new token for each call, or one for all
            run(() -> call(fresh ? token().signedBy(key) : same));
        }
        String forged = token().signedBy(STRANGER);
        run(() -> ofStrangers.add(verifier.verify(forged)));
        run(this::passTime);
        run(
                () -> {
                    String kid = UUID.randomUUID().toString();
                    ofMadeUpKeys.add(
                            verifier.verify(token().header("kid", kid).signedBy(STRANGER)));
                });
    }

    private void call(String token) {
        Verdict verdict = verifier.verify(token);
        if (verdict instanceof Accepted) {
            accepted.incrementAndGet();
        } else {
            denials.add(verdict);
        }
    }

    /** Moves the clock faster than real time, so that the fetch budget refills soon. */
    private void passTime() {
        clock.advance(Duration.ofSeconds(1));
        LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
    }

    private void run(Runnable call) {
        threads.add(
                Thread.ofPlatform()
                        .daemon()
                        .start(
                                () -> {
                                    while (!Thread.currentThread().isInterrupted()) {
                                        call.run();
                                    }
                                }));
    }

    /** Waits for that many more accepted calls. */
    void awaitAccepted(int more) {
        long enough = accepted.get() + more;
        await().atMost(Duration.ofSeconds(30)).until(() -> accepted.get() >= enough);
    }

    void assertOnlyTheGoodGotIn() {
        assertThat(denials).isEmpty();
        await().until(() -> !ofStrangers.isEmpty() && !ofMadeUpKeys.isEmpty());
        assertThat(ofStrangers)
                .isSubsetOf(new Refused(Reason.BAD_SIGNATURE), new Refused(Reason.UNKNOWN_KEY));
        assertThat(ofMadeUpKeys).isSubsetOf(new Refused(Reason.UNKNOWN_KEY), new KeysUnavailable());
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
        threads.clear();
    }
}

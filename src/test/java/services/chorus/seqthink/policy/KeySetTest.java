package services.chorus.seqthink.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.policy.FetchException.Problem;
import services.chorus.seqthink.policy.KeyLookup.Found;
import services.chorus.seqthink.policy.KeyLookup.Unavailable;
import services.chorus.seqthink.policy.KeyLookup.Unknown;

/** How a key set gets its keys and follows a rotation. */
class KeySetTest {

    private static final Executor VIRTUAL = Thread::startVirtualThread;
    private static final SigningKey KEY = SigningKey.ec("key-1");
    private static final SigningKey NEXT = SigningKey.ec("key-2");

    private final MutableClock clock = new MutableClock();
    private final JwksServer server = new JwksServer(SigningKey.jwks(KEY));
    private final List<KeySet> opened = new ArrayList<>();

    @AfterEach
    void close() {
        opened.forEach(KeySet::close);
        server.close();
    }

    private KeySet open(KeySource source, MutableClock clock) {
        KeySet keys =
                KeySet.open(
                        "https://issuer.example",
                        source,
                        KeySet.MAX_STALE,
                        clock,
                        TestPace.quick(clock));
        opened.add(keys);
        return keys;
    }

    private KeySet ready(MutableClock clock) {
        KeySet keys = open(JwksServer.source(server.url(), HttpKeySource.TIMEOUT), clock);
        await().until(keys::ready);
        return keys;
    }

    private static KeyLookup find(KeySet keys, String keyId) {
        return keys.find(Optional.of(keyId), SignatureAlgorithm.ES256);
    }

    private static Future<KeyLookup> finding(KeySet keys, String keyId) {
        return CompletableFuture.supplyAsync(() -> find(keys, keyId), VIRTUAL);
    }

    private static KeyLookup answer(Future<KeyLookup> lookup) throws Exception {
        return lookup.get(20, TimeUnit.SECONDS);
    }

    @Test
    void fetchesBeforeTheFirstCall() {
        KeySet keys = ready(clock);

        assertThat(server.fetches()).isEqualTo(1);
        assertThat(find(keys, "key-1")).isInstanceOf(Found.class);
        assertThat(server.fetches()).isEqualTo(1);
    }

    @Test
    void firstCallersWaitForTheFirstFetch() throws Exception {
        CountDownLatch latch = new CountDownLatch(1);
        server.serveAfter(latch, SigningKey.jwks(KEY));
        KeySet keys = open(JwksServer.source(server.url(), HttpKeySource.TIMEOUT), clock);
        Future<KeyLookup> early = finding(keys, "key-1");
        assertThat(keys.ready()).isFalse();

        latch.countDown();

        assertThat(answer(early)).isInstanceOf(Found.class);
    }

    @Test
    void acceptsTheFirstCallerWithARotatedKey() {
        KeySet keys = ready(clock);
        server.serve(SigningKey.jwks(KEY, NEXT));

        assertThat(find(keys, "key-2")).isInstanceOf(Found.class);
        assertThat(server.fetches()).isEqualTo(2);
    }

    @Test
    void acceptsTheFirstCallerWithARotatedKeyAfterTheBudgetIsSpent() throws Exception {
        KeySet keys = ready(clock);
        IntStream.range(0, 3)
                .forEach(i -> assertThat(find(keys, "no-" + i)).isEqualTo(new Unknown()));
        assertThat(server.fetches()).isEqualTo(4);
        server.serve(SigningKey.jwks(NEXT));

        Future<KeyLookup> first = finding(keys, "key-2");
        await().during(Duration.ofMillis(200)).until(() -> !first.isDone());
        clock.advance(FetchPace.INTERVAL);

        assertThat(answer(first)).isInstanceOf(Found.class);
        assertThat(server.fetches()).isEqualTo(5);
        assertThat(FetchPace.INTERVAL).isLessThan(FetchPace.USUAL.patience());
    }

    @Test
    void acceptsTheFirstCallerWithARotatedKeyAfterTheClockWasSetBack() {
        KeySet keys =
                KeySet.open(
                        "https://issuer.example",
                        JwksServer.source(server.url(), HttpKeySource.TIMEOUT),
                        KeySet.MAX_STALE,
                        clock);
        opened.add(keys);
        await().until(keys::ready);
        IntStream.range(0, FetchPace.BURST)
                .forEach(i -> assertThat(find(keys, "no-" + i)).isEqualTo(new Unknown()));
        clock.advance(Duration.ofHours(-1));
        server.serve(SigningKey.jwks(NEXT));

        assertThat(find(keys, "key-2")).isInstanceOf(Found.class); // the budget uses monotonic time
    }

    @Test
    void acceptsTheFirstCallerWithAKeyRotatedDuringAFetch() throws Exception {
        KeySet keys = ready(clock);
        CountDownLatch latch = new CountDownLatch(1);
        server.serveAfter(latch, SigningKey.jwks(KEY));
        Future<KeyLookup> stranger = finding(keys, "no-such-key");
        await().until(() -> server.fetches() == 2);
        server.serve(SigningKey.jwks(NEXT));
        Future<KeyLookup> first = finding(keys, "key-2");
        await().during(Duration.ofMillis(100)).until(() -> !first.isDone());

        latch.countDown(); // the answer in progress is still the old document

        assertThat(answer(stranger)).isEqualTo(new Unknown());
        assertThat(answer(first)).isInstanceOf(Found.class);
        assertThat(server.fetches()).isEqualTo(3);
    }

    @Test
    void fetchesOnceForManyCallersWithARotatedKey() throws Exception {
        KeySet keys = ready(clock);
        CountDownLatch latch = new CountDownLatch(1);
        server.serveAfter(latch, SigningKey.jwks(NEXT));

        List<Future<KeyLookup>> callers =
                IntStream.range(0, 100).mapToObj(i -> finding(keys, "key-2")).toList();
        await().until(() -> server.fetches() == 2);
        latch.countDown();

        for (Future<KeyLookup> caller : callers) {
            assertThat(answer(caller)).isInstanceOf(Found.class);
        }
        assertThat(server.fetches()).isEqualTo(2);
    }

    @Test
    void readsKeysOfTheIssuerInThisProcess() throws Exception {
        var jwks = new AtomicReference<>(SigningKey.jwks(KEY));
        KeySet keys = open(() -> new KeySource.Document(jwks.get(), Optional.empty()), clock);
        assertThat(find(keys, "key-1")).isInstanceOf(Found.class);

        jwks.set(SigningKey.jwks(NEXT));

        assertThat(find(keys, "key-2")).isInstanceOf(Found.class);
        assertThat(find(keys, "key-1")).isEqualTo(new Unknown());
    }

    @Test
    void survivesASourceWithADefect() {
        AtomicInteger calls = new AtomicInteger();
        KeySet keys =
                open(
                        () -> {
                            if (calls.incrementAndGet() == 1) {
                                throw new IllegalStateException("a defect");
                            }
                            return new KeySource.Document(SigningKey.jwks(KEY), Optional.empty());
                        },
                        clock);
        await().until(() -> keys.problem().equals(Optional.of(Problem.UNREACHABLE)));

        // the failed fetch may still answer a caller that comes at this moment
        await().until(() -> find(keys, "key-1") instanceof Found);
        assertThat(keys.problem()).isEmpty();
    }

    @Test
    void endsWaitingCallersAndTheFetchWhenClosed() throws Exception {
        KeySet keys = ready(clock);
        server.hang();
        Future<KeyLookup> waiting = finding(keys, "key-2");
        await().until(() -> server.fetches() == 2);

        keys.close();

        assertThat(answer(waiting)).isEqualTo(new Unavailable());
        assertThat(find(keys, "key-3")).isEqualTo(new Unavailable());
        clock.advance(Duration.ofHours(2));
        await().during(Duration.ofMillis(200)).until(() -> server.fetches() == 2);
    }
}

package services.chorus.seqthink.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.policy.KeyLookup.Found;
import services.chorus.seqthink.policy.KeyLookup.Unavailable;
import services.chorus.seqthink.policy.KeyLookup.Unknown;

/** How a key set handles callers with made-up values of {@code kid}. */
class MadeUpKeysTest {

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

    private KeySet ready(FetchPace pace) {
        KeySet keys = open(JwksServer.source(server.url(), HttpKeySource.TIMEOUT), pace);
        await().until(keys::ready);
        return keys;
    }

    private KeySet open(KeySource source, FetchPace pace) {
        KeySet keys = KeySet.open("https://issuer.example", source, KeySet.MAX_STALE, clock, pace);
        opened.add(keys);
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
    void fetchesAHandfulOfTimesForAThousandMadeUpKeys() {
        KeySet keys = ready(TestPace.patient(clock, Duration.ofMillis(20)));
        AtomicInteger made = new AtomicInteger();
        List<CompletableFuture<Void>> strangers =
                IntStream.range(0, 8)
                        .mapToObj(
                                stranger ->
                                        CompletableFuture.runAsync(
                                                () -> makeUpKeys(keys, made, 125), VIRTUAL))
                        .toList();

        do {
            assertFoundAtOnce(keys);
        } while (!strangers.stream().allMatch(CompletableFuture::isDone));

        assertThat(strangers).allMatch(stranger -> !stranger.isCompletedExceptionally());
        assertThat(made).hasValue(1000);
        assertThat(server.fetches()).isBetween(2, 1 + FetchPace.BURST);
    }

    private static void makeUpKeys(KeySet keys, AtomicInteger made, int count) {
        for (int i = 0; i < count; i++) {
            assertThat(find(keys, "made-up-" + made.incrementAndGet()))
                    .isIn(new Unknown(), new Unavailable());
        }
    }

    private static void assertFoundAtOnce(KeySet keys) {
        Instant start = Instant.now();
        assertThat(find(keys, "key-1")).isInstanceOf(Found.class);
        assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void doesNotDelayCallersWithAKnownKeyWhileAFetchHangs() {
        KeySet keys = ready(TestPace.quick(clock));
        server.hang();
        List<Future<KeyLookup>> strangers =
                IntStream.range(0, 1000).mapToObj(i -> finding(keys, "made-up-" + i)).toList();
        await().until(() -> server.fetches() == 2);

        for (int i = 0; i < 1000; i++) {
            assertThat(find(keys, "key-1")).isInstanceOf(Found.class);
        }

        assertThat(strangers).anyMatch(stranger -> !stranger.isDone());
        assertThat(server.fetches()).isEqualTo(2);
    }

    @Test
    void limitsTheNumberOfWaitingCallers() throws Exception {
        KeySet keys = ready(TestPace.quick(clock));
        server.hang();
        List<Future<KeyLookup>> strangers =
                IntStream.range(0, 200).mapToObj(i -> finding(keys, "made-up-" + i)).toList();

        await().until(
                        () ->
                                strangers.stream().filter(Future::isDone).count()
                                        == 200 - WaitingCallers.MOST);

        assertThat(find(keys, "one-more")).isEqualTo(new Unavailable());
        for (Future<KeyLookup> stranger : strangers) {
            assertThat(answer(stranger)).isEqualTo(new Unavailable());
        }
    }

    @Test
    void limitsTheTimeThatACallerWaits() {
        server.hang();
        KeySet keys =
                open(
                        JwksServer.source(server.url(), Duration.ofMinutes(1)),
                        TestPace.patient(clock, Duration.ofMillis(300)));
        Instant start = Instant.now();

        assertThat(find(keys, "key-1")).isEqualTo(new Unavailable());

        assertThat(Duration.between(start, Instant.now()))
                .isBetween(Duration.ofMillis(300), Duration.ofSeconds(5));
    }

    @Test
    void refusesAMissingKeyWithoutAFetchForSomeSeconds() {
        KeySet keys = ready(TestPace.quick(clock));
        assertThat(find(keys, "key-2")).isEqualTo(new Unknown());
        assertThat(find(keys, "key-2")).isEqualTo(new Unknown());
        assertThat(server.fetches()).isEqualTo(2);
        server.serve(SigningKey.jwks(NEXT));

        clock.advance(FetchPace.MISSING_FOR);

        assertThat(find(keys, "key-2")).isInstanceOf(Found.class);
    }

    @Test
    void doesNotFetchForAVeryLongKid() {
        KeySet keys = ready(TestPace.quick(clock));

        assertThat(find(keys, "x".repeat(257))).isEqualTo(new Unknown());
        assertThat(server.fetches()).isEqualTo(1);
    }
}

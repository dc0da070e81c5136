package services.chorus.seqthink.policy.limits;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import services.chorus.seqthink.net.CertificateAuthorities;
import services.chorus.seqthink.policy.Caller;
import services.chorus.seqthink.policy.Caller.Kind;
import services.chorus.seqthink.state.RedisUrl;
import services.chorus.seqthink.state.SealedState;
import services.chorus.seqthink.state.StateSecrets;
import services.chorus.seqthink.testing.RedisServer;
import services.chorus.seqthink.testing.WatchedState;

/** Limits of two replicas with separate clocks over a real Redis. */
class LimitsInRedisTest {

    private static final int LIMIT = 100;
    private static final Caller CALLER = new Caller("https://issuer.example", Kind.SUBJECT, "one");
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir Path folder;
    private final StateSecrets secrets = new StateSecrets.OfProcess(new SecureRandom());
    private final AtomicInteger away = new AtomicInteger();
    private Vertx vertx;
    private RedisServer redis;
    private List<SealedState> states;
    private List<WatchedState> watched;
    private List<CallerLimits> replicas;

    @BeforeEach
    void start() throws IOException {
        redis = RedisServer.start(folder);
        vertx = Vertx.vertx();
        states = List.of(state(), state());
        watched = states.stream().map(state -> new WatchedState(state, true)).toList();
        replicas =
                watched.stream()
                        .map(
                                state ->
                                        CallerLimits.ofAllReplicas(
                                                LIMIT, state, away::incrementAndGet))
                        .toList();
        // class loading for the first connection may take longer than an operation's deadline
        Caller first = new Caller("https://issuer.example", Kind.SUBJECT, "first");
        await().atMost(PATIENCE)
                .until(
                        () -> {
                            away.set(0);
                            replicas.forEach(replica -> replica.take(first));
                            return away.get() == 0;
                        });
    }

    @AfterEach
    void stop() {
        states.forEach(SealedState::close);
        vertx.close().toCompletionStage().toCompletableFuture().join();
        redis.close();
    }

    @Test
    void admitNoMoreThanTheLimitOfConcurrentRequests() {
        long begun = System.nanoTime();

        long admitted = admitted(6 * LIMIT);

        long filledMeanwhile = (System.nanoTime() - begun) * LIMIT / SECONDS.toNanos(60);
        assertThat(away.get()).isLessThan(LIMIT / 2);
        assertThat(admitted).isBetween((long) LIMIT, LIMIT + filledMeanwhile + 1 + away.get());
    }

    @Test
    void batchConcurrentRequestsOfOneCaller() {
        int before = looks();

        admitted(2 * LIMIT);

        // without batching every lost race would cost another look
        assertThat(looks() - before).isLessThan(2 * LIMIT);
    }

    @Test
    void countLocallyWhileRedisIsDownAndTogetherAfterwards() throws IOException {
        assertThat(admitted(LIMIT)).isEqualTo(LIMIT);
        redis.kill();

        long alone = admitted(2 * LIMIT);
        assertThat(alone).isBetween((long) LIMIT - 2, LIMIT + 20L);
        assertThat(away.get()).isGreaterThanOrEqualTo(LIMIT - 2);

        redis.restart();
        awaitTogether();
    }

    @Test
    void waitASecondAtMostForAHangingRedis() throws Exception {
        redis.suspend();
        try {
            long begun = System.nanoTime();
            assertThat(admitted(2 * LIMIT)).isEqualTo(2 * LIMIT);
            assertThat(away).hasValue(2 * LIMIT);
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(PATIENCE);
        } finally {
            redis.resume();
        }
        awaitTogether();
    }

    /** Waits until each replica counts the other's requests of a new caller. */
    private void awaitTogether() {
        AtomicInteger tries = new AtomicInteger();
        await().atMost(PATIENCE)
                .until(
                        () -> {
                            away.set(0);
                            Caller caller =
                                    new Caller(
                                            "https://issuer.example",
                                            Kind.SUBJECT,
                                            "try " + tries.incrementAndGet());
                            List<Long> remaining =
                                    replicas.stream()
                                            .map(r -> r.take(caller))
                                            .map(Standing::remaining)
                                            .toList();
                            return away.get() == 0
                                    && remaining.equals(List.of(LIMIT - 1L, LIMIT - 2L));
                        });
    }

    /** How many of these concurrent requests are admitted, half of them by each replica. */
    private long admitted(int requests) {
        AtomicInteger admitted = new AtomicInteger();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < requests; i++) {
                CallerLimits replica = replicas.get(i % 2);
                threads.execute(
                        () -> {
                            if (replica.take(CALLER).admitted()) {
                                admitted.incrementAndGet();
                            }
                        });
            }
        }
        return admitted.get();
    }

    private int looks() {
        return watched.stream().mapToInt(WatchedState::looks).sum();
    }

    private SealedState state() throws IOException {
        return SealedState.inRedis(
                vertx,
                RedisUrl.parse(redis.url()),
                CertificateAuthorities.systemAnd(Optional.empty()).trust(),
                secrets,
                "https://door.example",
                InstantSource.system());
    }
}

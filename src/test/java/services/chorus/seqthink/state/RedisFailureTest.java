package services.chorus.seqthink.state;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static services.chorus.seqthink.state.SharedStateContract.LONG;
import static services.chorus.seqthink.state.SharedStateContract.ONE;
import static services.chorus.seqthink.state.SharedStateContract.TWO;
import static services.chorus.seqthink.state.SharedStateContract.append;
import static services.chorus.seqthink.state.SharedStateContract.get;
import static services.chorus.seqthink.state.SharedStateContract.put;
import static services.chorus.seqthink.state.SharedStateContract.read;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import services.chorus.seqthink.net.CertificateAuthorities;
import services.chorus.seqthink.state.SharedState.Subscription;
import services.chorus.seqthink.testing.CertificateFiles;
import services.chorus.seqthink.testing.LogWatch;
import services.chorus.seqthink.testing.RedisServer;
import services.chorus.seqthink.testing.Service;

/** Connections to Redis, and what happens when they fail. */
class RedisFailureTest {

    private static final String SERVER = "https://door.example";

    @TempDir Path folder;
    private final Vertx vertx = Vertx.vertx();
    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void sharesBetweenProcessesAgainAfterRedisRestarts() throws Exception {
        RedisServer redis = open(RedisServer.start(folder));
        SealedState mine = state(redis.url());
        SealedState yours = state(redis.url());
        assertThat(put(reached(mine), ONE, "a", LONG)).isTrue();
        assertThat(get(reached(yours), ONE)).hasValue("a");

        redis.kill();
        assertUnavailable(mine);
        assertUnavailable(yours);

        redis.restart();
        assertThat(put(reached(mine), ONE, "b", LONG)).isTrue();
        assertThat(get(reached(yours), ONE)).hasValue("b");
    }

    @Test
    void failsInTimeWhenRedisDoesNotAnswer() throws Exception {
        RedisServer redis = open(RedisServer.start(folder));
        SealedState state = state(redis.url());
        put(reached(state), ONE, "a", LONG);

        redis.suspend();
        Instant before = Instant.now();
        assertThatThrownBy(() -> get(state, ONE)).isInstanceOf(StateUnavailableException.class);
        assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofSeconds(5));

        redis.resume();
        assertThat(get(reached(state), ONE)).hasValue("a");
    }

    @Test
    void startsBeforeItsRedis() throws Exception {
        RedisServer redis = open(RedisServer.start(folder));
        redis.kill();
        SealedState state = state(redis.url());
        assertUnavailable(state);

        redis.restart();

        assertThat(put(reached(state), ONE, "a", LONG)).isTrue();
    }

    @Test
    void notifiesFollowersAfterRedisRestarts() throws Exception {
        RedisServer redis = open(RedisServer.start(folder));
        SealedState state = state(redis.url());
        SealedState other = state(redis.url());
        AtomicInteger notified = new AtomicInteger();
        Subscription following = state.follow(ONE, notified::incrementAndGet);
        await().atMost(10, SECONDS).until(() -> notified.get() >= 2);

        redis.kill();
        int before = notified.get();
        redis.restart();

        await().atMost(15, SECONDS).until(() -> notified.get() > before);
        int back = notified.get();
        append(reached(other), ONE, "a");
        await().atMost(10, SECONDS).until(() -> notified.get() > back);
        following.close();
    }

    @Test
    void failsAllWaitingAppendsOfALogInTime() throws Exception {
        RedisServer redis = open(RedisServer.start(folder));
        SealedState state = state(redis.url());
        append(reached(state), ONE, "a");

        redis.suspend();
        Instant before = Instant.now();
        List<Boolean> appended =
                SharedStateContract.atOnce(
                        20,
                        i -> {
                            try {
                                append(state, ONE, "b");
                                return true;
                            } catch (StateUnavailableException e) {
                                return false;
                            }
                        });
        assertThat(appended).containsOnly(false);
        assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofSeconds(5));

        redis.resume();
        append(reached(state), ONE, "c");
    }

    @Test
    void failsAtOnceOnlyForTheInterruptedThread() throws Exception {
        RedisServer redis = open(RedisServer.start(folder));
        SealedState state = state(redis.url());
        put(reached(state), ONE, "a", LONG);
        redis.suspend();
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        CompletableFuture<Optional<String>> other = new CompletableFuture<>();
        Thread waiting =
                Thread.startVirtualThread(
                        () -> {
                            try {
                                append(state, TWO, "b");
                            } catch (StateUnavailableException e) {
                                interrupted.complete(Thread.currentThread().isInterrupted());
                            }
                        });
        Thread.startVirtualThread(() -> other.complete(get(state, ONE)));
        await().until(() -> waiting.getState() == Thread.State.TIMED_WAITING);

        waiting.interrupt();

        assertThat(interrupted.get(1, SECONDS)).isTrue();
        redis.resume();
        assertThat(other.get(10, SECONDS)).hasValue("a");
    }

    @Test
    void blocksNoEventLoop() throws Exception {
        RedisServer redis = open(RedisServer.start(folder));
        SealedState state = reached(state(redis.url()));
        CompletableFuture<Void> asked = new CompletableFuture<>();

        vertx.getOrCreateContext()
                .runOnContext(
                        now -> {
                            try {
                                state.look(ONE);
                            } catch (RuntimeException e) {
                                asked.completeExceptionally(e);
                            }
                        });

        assertThat(asked)
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void authenticatesWithUserAndPassword() throws Exception {
        RedisServer redis =
                open(
                        RedisServer.start(
                                folder,
                                "--requirepass",
                                "p+ss w%rd/",
                                "--user",
                                "door",
                                "on",
                                ">p@ss:+w",
                                "~seqthink:*",
                                "&seqthink:*",
                                "+@all"));
        String at = "127.0.0.1:" + redis.port();

        SealedState first = reached(state("redis://:p+ss%20w%25rd%2F@" + at));
        assertThat(put(first, ONE, "a", LONG)).isTrue();
        assertThat(get(state("redis://door:p%40ss%3a%2Bw@" + at + "/"), ONE)).hasValue("a");
        assertThat(get(state("redis://:p+ss%20w%25rd%2F@" + at + "/1"), ONE)).isEmpty();
        assertUnavailable(state("redis://:canary@" + at));
        assertUnavailable(state("redis://" + at));
    }

    @Test
    void trustsOnlyTheConfiguredAuthorityAndTheRightHostName() throws Exception {
        CertificateFiles files = CertificateFiles.make(folder, "mine");
        CertificateFiles others = CertificateFiles.make(folder, "other");
        RedisServer redis = open(RedisServer.startTls(folder, files.certificate(), files.key()));
        String url = "rediss://localhost:" + redis.port();

        SealedState trusting = reached(state(url, Optional.of(files.authority())));
        assertThat(put(trusting, ONE, "a", LONG)).isTrue();
        assertUnavailable(state(url, Optional.empty()));
        assertUnavailable(state(url, Optional.of(others.authority())));
        assertUnavailable(
                state("rediss://127.0.0.1:" + redis.port(), Optional.of(files.authority())));
        assertUnavailable(state("redis://localhost:" + redis.port()));
    }

    @Test
    void saysOnlyThatTheStoreCannotBeReached() throws IOException {
        SealedState state = state("redis://user:canary@127.0.0.1:" + Service.freePort());

        assertThatThrownBy(() -> put(state, ONE, "canary", LONG))
                .isInstanceOf(StateUnavailableException.class)
                .hasNoCause()
                .hasMessageNotContaining("canary");
    }

    @Test
    void logsEachKindOfFailureByItsFirstWord() throws Exception {
        RedisServer redis = open(RedisServer.start(folder, "--requirepass", "right"));
        redis.kill();
        try (LogWatch log = new LogWatch()) {
            SealedState state = state("redis://:canary@127.0.0.1:" + redis.port());
            assertUnavailable(state);
            assertThat(troubles(log)).isNotEmpty().noneMatch(line -> line.contains("WRONGPASS"));

            redis.restart();
            await().atMost(15, SECONDS)
                    .until(
                            () -> {
                                assertUnavailable(state);
                                return troubles(log).stream()
                                        .anyMatch(line -> line.contains("(error WRONGPASS)"));
                            });
            assertThat(troubles(log))
                    .doesNotHaveDuplicates()
                    .noneMatch(line -> line.contains("canary") || line.contains("invalid"));
        }
    }

    @Test
    void resolvesTheHostOffTheEventLoop() throws Exception {
        RedisServer redis = open(RedisServer.start(folder));
        Vertx oneLoop = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        opened.add(() -> oneLoop.close().toCompletionStage().toCompletableFuture().join());
        CountDownLatch asked = new CountDownLatch(1);
        CompletableFuture<Void> found = new CompletableFuture<>();
        RedisLink link =
                link(
                        oneLoop,
                        redis,
                        host -> {
                            asked.countDown();
                            found.join();
                            return InetAddress.getByName(host);
                        });

        Future<RedisConnection> made = link.connection();
        assertThat(asked.await(10, SECONDS)).isTrue();
        CountDownLatch others = new CountDownLatch(1);
        oneLoop.runOnContext(now -> others.countDown());
        assertThat(others.await(10, SECONDS)).isTrue();
        assertThat(made.isComplete()).isFalse();

        found.complete(null);
        assertThat(made.toCompletionStage().toCompletableFuture().get(10, SECONDS)).isNotNull();
    }

    @Test
    void holdsNoConnectionThatBroke() throws Exception {
        RedisServer redis = open(RedisServer.start(folder));
        RedisLink link = link(vertx, redis, InetAddress::getByName);
        RedisConnection made =
                link.connection().toCompletionStage().toCompletableFuture().get(10, SECONDS);
        assertThat(link.holds(made)).isTrue();

        redis.kill();

        await().atMost(10, SECONDS).until(() -> !link.holds(made));
    }

    private RedisLink link(Vertx vertx, RedisServer redis, RedisLink.Lookup lookup)
            throws Exception {
        Duration patience = Duration.ofSeconds(10);
        RedisOptions options =
                RedisLink.options(
                        RedisUrl.parse(redis.url()),
                        CertificateAuthorities.systemAnd(Optional.empty()).trust(),
                        patience);
        return open(new RedisLink(vertx, options, patience, () -> {}, lookup));
    }

    private static List<String> troubles(LogWatch log) {
        return log.lines().stream().filter(line -> line.contains("Redis cannot be used")).toList();
    }

    /** Waits until the state can be reached; a busy machine may need longer than one operation. */
    private static SealedState reached(SealedState state) {
        await().atMost(30, SECONDS)
                .pollDelay(Duration.ZERO)
                .ignoreExceptions()
                .until(() -> get(state, TWO).isEmpty());
        return state;
    }

    private static void assertUnavailable(SealedState state) {
        assertThatThrownBy(() -> put(state, TWO, "b", LONG))
                .isInstanceOf(StateUnavailableException.class);
        assertThatThrownBy(() -> read(state, TWO, 0)).isInstanceOf(StateUnavailableException.class);
        assertThatThrownBy(() -> append(state, TWO, "b"))
                .isInstanceOf(StateUnavailableException.class);
    }

    private SealedState state(String url) {
        return state(url, Optional.empty());
    }

    private SealedState state(String url, Optional<Path> ca) {
        return open(RedisStates.over(vertx, url, ca, new NamedSecrets("A"), SERVER));
    }

    private <T extends AutoCloseable> T open(T resource) {
        opened.add(resource);
        return resource;
    }
}

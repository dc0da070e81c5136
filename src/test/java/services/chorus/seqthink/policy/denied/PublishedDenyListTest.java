package services.chorus.seqthink.policy.denied;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.net.BoundedHttp;
import services.chorus.seqthink.policy.IssuerEndpoint;
import services.chorus.seqthink.policy.IssuerSettings;
import services.chorus.seqthink.policy.KeySet;
import services.chorus.seqthink.policy.KeySource;
import services.chorus.seqthink.policy.SignatureAlgorithm;
import services.chorus.seqthink.policy.TrustedIssuer;
import services.chorus.seqthink.testing.Client;
import services.chorus.seqthink.testing.FaultyServer;
import services.chorus.seqthink.testing.FaultyServer.Answer;
import services.chorus.seqthink.testing.HandMadeJws;
import services.chorus.seqthink.testing.HandMovedClock;
import services.chorus.seqthink.testing.LogWatch;

/** Uses hand-signed lists over real HTTP. */
class PublishedDenyListTest {

    private static final String ISSUER = "https://issuer.example";
    private static final String TYPE = "revoked-tokens+jwt";
    private static final Duration OFTEN = Duration.ofMillis(20);
    private static final HandMadeJws KEY = HandMadeJws.generate();

    @AutoClose private final FaultyServer server = FaultyServer.start();
    private final HandMovedClock clock = new HandMovedClock();
    private final AtomicInteger failures = new AtomicInteger();
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    @Test
    void deniesListedTokensWithinOneInterval() {
        serve(list());
        PublishedDenyList denied = open(server.url("/list"));
        awaitFetches(1);
        assertThat(denied.denies("one")).isFalse();

        serve(list("one"));

        await().until(() -> denied.denies("one"));
        assertThat(denied.denies("two")).isFalse();
        assertThat(denied.denies(Client.sha256("one".getBytes(UTF_8)))).isFalse();
        assertThat(failures).hasValue(0);

        serve(list("two"));
        await().until(() -> denied.denies("two") && !denied.denies("one"));
    }

    static Stream<Answer> faults() {
        return Stream.of(
                new Answer(500, ""),
                new Answer(200, ""),
                new Answer(200, "<html><body>Welcome</body></html>"),
                new Answer(200, "{}"),
                new Answer(200, "a.b.c"),
                new Answer(302, "", Map.of("Location", "/elsewhere")),
                new Answer(200, "x".repeat(PublishedDenyList.LARGEST + 1)));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void keepsTheLastListAfterABadResponse(Answer fault) {
        PublishedDenyList denied = denying("one");

        server.answers(request -> fault);

        awaitFailures(2);
        assertThat(denied.denies("one")).isTrue();
        serve(list("two"));
        await().until(() -> denied.denies("two"));
    }

    @Test
    void doesNotBlockCallsWhileTheEndpointHangs() {
        server.hangs();
        PublishedDenyList denied = open(server.url("/list"));
        awaitFetches(1);

        long before = System.nanoTime();
        assertThat(denied.denies("one")).isFalse();
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(OFTEN);

        awaitFailures(1);
        serve(list("one"));
        await().until(() -> denied.denies("one"));
    }

    @Test
    void rejectsAnOlderList() {
        String older = list();
        clock.advance(Duration.ofSeconds(1));
        PublishedDenyList denied = denying("one");

        serve(older);

        awaitFailures(1);
        assertThat(denied.denies("one")).isTrue();
    }

    @Test
    void rejectsAListFromThePastOrTheFuture() {
        String past = list("one");
        clock.advance(Duration.ofSeconds(150));
        serve(past);
        PublishedDenyList denied = open(server.url("/list"));
        awaitFailures(1);

        String future = sign(TYPE, payload(ISSUER, clock.instant().getEpochSecond() + 31, "one"));
        serve(future);
        awaitFailures(1);

        assertThat(denied.denies("one")).isFalse();
    }

    @Test
    void rejectsAListWithAnotherKeyTypeOrIssuer() {
        long now = clock.instant().getEpochSecond();
        PublishedDenyList denied = denying("one");

        for (String list :
                List.of(
                        HandMadeJws.generate().sign(header(TYPE), payload(ISSUER, now)),
                        sign("at+jwt", payload(ISSUER, now)),
                        sign("jwt", payload(ISSUER, now)),
                        sign(TYPE, payload("https://other.example", now)),
                        KEY.sign("{\"alg\":\"EdDSA\",\"kid\":\"k\"}", payload(ISSUER, now)))) {
            serve(list);
            awaitFailures(1);
            assertThat(denied.denies("one")).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"iss\":\"%s\",\"iat\":%d,\"exp\":%d}",
                "{\"iss\":\"%s\",\"iat\":%d,\"exp\":%d,\"sha256\":{}}",
                "{\"iss\":\"%s\",\"iat\":%d,\"exp\":%d,\"sha256\":[1]}",
                "{\"iss\":\"%s\",\"iat\":%d,\"exp\":%d,\"sha256\":[\"short\"]}",
                "{\"iss\":\"%s\",\"iat\":\"%d\",\"exp\":%d,\"sha256\":[]}",
                "{\"iss\":\"%s\",\"iat\":%d,\"until\":%d,\"sha256\":[]}",
                "{\"iss\":\"%s\",\"iat\":%d,\"exp\":%d,\"sha256\":[],\"sha256\":[]}"
            })
    void rejectsAMalformedList(String payload) {
        long now = clock.instant().getEpochSecond();
        PublishedDenyList denied = denying("one");

        serve(sign(TYPE, payload.formatted(ISSUER, now, now + 60)));

        awaitFailures(1);
        assertThat(denied.denies("one")).isTrue();
    }

    @Test
    void readsAListOfFiftyThousandTokens() {
        String[] ids =
                IntStream.range(0, 50_000).mapToObj(Integer::toString).toArray(String[]::new);
        serve(list(ids));
        PublishedDenyList denied = open(server.url("/list"));

        await().until(() -> denied.denies("49999"));
        assertThat(denied.denies("50000")).isFalse();
    }

    @Test
    void reportsItsAge() {
        server.answers(500, "");
        PublishedDenyList denied = open(server.url("/list"));
        clock.advance(Duration.ofSeconds(7));
        assertThat(denied.age()).isEqualTo(Duration.ofSeconds(7));

        serve(list("one"));
        await().until(() -> denied.denies("one"));
        assertThat(denied.age()).isZero();

        server.answers(500, "");
        awaitFailures(1);
        clock.advance(Duration.ofSeconds(40));
        assertThat(denied.age()).isEqualTo(Duration.ofSeconds(40));
    }

    @Test
    void logsAnOutageOnce() {
        try (LogWatch log = new LogWatch()) {
            PublishedDenyList denied = denying("one");
            server.answers(500, "");
            awaitFailures(3);
            serve(list("two"));
            await().until(() -> denied.denies("two"));

            assertThat(log.lines())
                    .filteredOn(line -> line.contains("revoked tokens"))
                    .singleElement()
                    .asString()
                    .contains(ISSUER, "status 200");
        }
    }

    @Test
    void stopsFetchingWhenClosed() {
        PublishedDenyList denied = denying("one");
        denied.close();

        int underWay = server.requests().size() + 1;
        await().during(OFTEN.multipliedBy(5)).until(() -> server.requests().size() <= underWay);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://issuer.example/list", "ftp://127.0.0.1/list", "/list"})
    void isFetchedOverHttpsOrOnLoopbackOnly(String url) {
        assertThatIllegalArgumentException().isThrownBy(() -> open(URI.create(url)));
    }

    private PublishedDenyList denying(String tokenId) {
        serve(list(tokenId));
        PublishedDenyList denied = open(server.url("/list"));
        await().until(() -> denied.denies(tokenId));
        return denied;
    }

    private PublishedDenyList open(URI url) {
        String jwks =
                "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"k\",\"x\":\"%s\"}]}"
                        .formatted(KEY.x());
        KeySet keys =
                KeySet.open(
                        ISSUER,
                        () -> new KeySource.Document(jwks, Optional.empty()),
                        KeySet.MAX_STALE,
                        clock);
        open.add(keys);
        PublishedDenyList denied =
                PublishedDenyList.open(
                        new TrustedIssuer(
                                new IssuerSettings(
                                        ISSUER,
                                        "door",
                                        Optional.empty(),
                                        EnumSet.allOf(SignatureAlgorithm.class),
                                        Optional.empty()),
                                keys),
                        new IssuerEndpoint(
                                url,
                                new BoundedHttp(Duration.ofMillis(500), PublishedDenyList.LARGEST)),
                        OFTEN,
                        clock,
                        failures::incrementAndGet);
        open.add(denied);
        return denied;
    }

    private void serve(String list) {
        server.answers(200, list);
    }

    private void awaitFetches(int more) {
        int before = server.requests().size();
        await().until(() -> server.requests().size() >= before + more);
    }

    /** Waits for that many failures that began after now; one more may have begun before. */
    private void awaitFailures(int more) {
        int before = failures.get();
        await().until(() -> failures.get() >= before + more + 1);
    }

    private String list(String... tokenIds) {
        return sign(TYPE, payload(ISSUER, clock.instant().getEpochSecond(), tokenIds));
    }

    private static String payload(String issuer, long issuedAt, String... tokenIds) {
        String hashes =
                Stream.of(tokenIds)
                        .map(id -> '"' + Client.sha256(id.getBytes(UTF_8)) + '"')
                        .collect(joining(","));
        return "{\"iss\":\"%s\",\"iat\":%d,\"exp\":%d,\"sha256\":[%s]}"
                .formatted(issuer, issuedAt, issuedAt + 120, hashes);
    }

    private static String header(String type) {
        return "{\"alg\":\"EdDSA\",\"kid\":\"k\",\"typ\":\"%s\"}".formatted(type);
    }

    private static String sign(String type, String payload) {
        return KEY.sign(header(type), payload);
    }
}

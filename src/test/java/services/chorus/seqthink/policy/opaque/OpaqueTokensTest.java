package services.chorus.seqthink.policy.opaque;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import services.chorus.seqthink.net.BoundedHttp;
import services.chorus.seqthink.policy.AccessToken;
import services.chorus.seqthink.policy.Caller;
import services.chorus.seqthink.policy.Reason;
import services.chorus.seqthink.policy.TokenOrigin;
import services.chorus.seqthink.policy.Verdict;
import services.chorus.seqthink.testing.Client;
import services.chorus.seqthink.testing.FaultyServer;
import services.chorus.seqthink.testing.FaultyServer.Answer;
import services.chorus.seqthink.testing.HandMovedClock;
import services.chorus.seqthink.testing.LogWatch;

/** Both kinds of endpoint over real HTTP. */
class OpaqueTokensTest {

    private static final String TOKEN = "an+opaque/token~1==";
    private static final Duration SHORT = Duration.ofMillis(700);

    @TempDir Path folder;
    @AutoClose private final FaultyServer server = FaultyServer.start();
    private final HandMovedClock clock = new HandMovedClock();
    private final AtomicInteger failures = new AtomicInteger();
    private OpaqueTokens tokens;

    @BeforeEach
    void introspect() throws IOException {
        tokens = introspecting(Map.of());
    }

    @Test
    void acceptsATokenWithTheClaimsOfItsIssuer() {
        String thumbprint = Client.sha256("a key".getBytes(UTF_8));
        server.answers(
                200,
                """
                {"active": true, "sub": "agent", "client_id": "app", "username": "Agent Seven",
                 "scope": "a b", "exp": %d, "jti": "id", "aud": ["other", "door"],
                 "token_type": "DPoP", "age_recipient": "age1x", "cnf": {"jkt": "%s"}, "x": {}}
                """
                        .formatted(in(60), thumbprint));

        assertThat(tokens.verify(TOKEN))
                .isEqualTo(
                        new Verdict.Accepted(
                                new AccessToken(
                                        new Caller("opaque", Caller.Kind.SUBJECT, "agent"),
                                        Set.of("a", "b"),
                                        clock.instant().plusSeconds(60),
                                        Optional.of("id"),
                                        Optional.of("age1x"),
                                        Optional.of(thumbprint),
                                        Client.sha256(TOKEN.getBytes(UTF_8)))));
    }

    @Test
    void authenticatesAsItsClient() {
        server.answers(200, "{\"active\": false}");
        tokens.verify(TOKEN);

        FaultyServer.Request request = server.requests().getFirst();
        assertThat(request.path()).isEqualTo("/introspect");
        assertThat(request.headers())
                .containsEntry("content-type", "application/x-www-form-urlencoded")
                .containsEntry(
                        "authorization",
                        "Basic "
                                + Base64.getEncoder()
                                        .encodeToString("door%3A1:s+%26%C3%A6".getBytes(UTF_8)));
        assertThat(request.body())
                .isEqualTo("token=an%2Bopaque%2Ftoken%7E1%3D%3D&token_type_hint=access_token");
    }

    @Test
    void usesAChangedSecretAtOnce() throws IOException {
        server.answers(200, "{\"active\": false}");
        Files.writeString(folder.resolve("secret"), "another");
        tokens.verify(TOKEN);
        assertThat(server.requests().getFirst().headers().get("authorization"))
                .isEqualTo(
                        "Basic "
                                + Base64.getEncoder()
                                        .encodeToString("door%3A1:another".getBytes(UTF_8)));

        Files.delete(folder.resolve("secret"));
        assertUnknown("another token");
    }

    static Stream<Answer> faults() {
        return Stream.of(
                new Answer(500, ""),
                new Answer(401, "{\"error\":\"invalid_client\"}"),
                new Answer(200, ""),
                new Answer(200, "<html><body>Welcome</body></html>"),
                new Answer(200, "[]"),
                new Answer(200, "{}"),
                new Answer(200, "{\"active\":\"true\"}"),
                new Answer(200, "{\"active\":1}"),
                new Answer(200, "{\"active\":false,\"active\":true}"),
                new Answer(302, "", Map.of("Location", "/elsewhere")),
                new Answer(200, "{\"active\":false,\"x\":\"" + "x".repeat(64 * 1024) + "\"}"));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void isUnavailableAfterABadResponse(Answer fault) {
        server.answers(request -> fault);
        assertUnknown(TOKEN);
        assertThat(failures).hasValue(1);

        serve("");
        assertThat(tokens.verify(TOKEN)).isInstanceOf(Verdict.Accepted.class);
        assertThat(server.requests())
                .extracting(FaultyServer.Request::path)
                .containsOnly("/introspect");
    }

    @Test
    void isUnavailableWithoutAResponse() {
        server.hangs();
        long before = System.nanoTime();
        assertUnknown(TOKEN);
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(SHORT.multipliedBy(5));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "INACTIVE | {\"active\":false,\"sub\":\"a\",\"exp\":9999999999}",
                "EXPIRED | {\"active\":true,\"sub\":\"a\",\"exp\":1}",
                "NO_EXPIRY | {\"active\":true,\"sub\":\"a\"}",
                "NOT_YET_VALID | {\"active\":true,\"sub\":\"a\",\"exp\":9999999999,\"nbf\":9999999998}",
                "NO_CALLER | {\"active\":true,\"exp\":9999999999,\"username\":\"a\"}",
                "NO_CALLER | {\"active\":true,\"sub\":\"\",\"client_id\":\"a\",\"exp\":9999999999}",
                "MALFORMED | {\"active\":true,\"sub\":7,\"exp\":9999999999}",
                "MALFORMED | {\"active\":true,\"sub\":\"a\",\"exp\":\"soon\"}",
                "MALFORMED | {\"active\":true,\"sub\":\"a\",\"exp\":9999999999,\"scope\":{}}",
                "WRONG_AUDIENCE | {\"active\":true,\"sub\":\"a\",\"exp\":9999999999,\"aud\":\"x\"}",
                "WRONG_AUDIENCE | {\"active\":true,\"sub\":\"a\",\"exp\":9999999999,\"aud\":[]}",
                "WRONG_AUDIENCE | {\"active\":true,\"sub\":\"a\",\"exp\":9999999999,\"aud\":{\"a\":\"door\"}}",
                "UNSUPPORTED_TOKEN | {\"active\":true,\"sub\":\"a\",\"exp\":9999999999,\"token_type\":\"refresh_token\"}",
                "UNKNOWN_CONFIRMATION | {\"active\":true,\"sub\":\"a\",\"exp\":9999999999,\"cnf\":{\"x5t#S256\":\"a\"}}"
            })
    void rejectsUnacceptableTokens(Reason reason, String answer) {
        server.answers(200, answer);
        assertThat(tokens.verify(TOKEN)).isEqualTo(new Verdict.Refused(reason));
        assertThat(failures).hasValue(0);
    }

    @Test
    void identifiesACallerWithoutSubjectByItsClient() {
        server.answers(200, "{\"active\":true,\"client_id\":\"app\",\"exp\":%d}".formatted(in(60)));
        assertThat(tokens.verify(TOKEN))
                .isInstanceOfSatisfying(
                        Verdict.Accepted.class,
                        accepted ->
                                assertThat(accepted.token().caller())
                                        .isEqualTo(
                                                new Caller("opaque", Caller.Kind.CLIENT, "app")));
    }

    @Test
    void requiresItsOwnAudienceWhereConfigured() throws IOException {
        tokens = introspecting(Map.of("INTROSPECT_AUDIENCE", "another name"));
        serve(",\"aud\":\"another name\"");
        assertThat(tokens.verify(TOKEN)).isInstanceOf(Verdict.Accepted.class);
        serve(",\"aud\":\"door\"");
        assertThat(tokens.verify("other")).isEqualTo(new Verdict.Refused(Reason.WRONG_AUDIENCE));
    }

    @Test
    void cachesAnAnswerForHalfAMinuteAndChecksItsTimesEachTime() {
        server.answers(200, "{\"active\":true,\"sub\":\"a\",\"exp\":%d}".formatted(in(-20)));
        assertThat(tokens.verify(TOKEN)).isInstanceOf(Verdict.Accepted.class);
        clock.advance(Duration.ofSeconds(10));
        assertThat(tokens.verify(TOKEN)).isEqualTo(new Verdict.Refused(Reason.EXPIRED));
        assertThat(server.requests()).hasSize(1);

        serve("");
        clock.advance(Duration.ofSeconds(19));
        assertThat(tokens.verify(TOKEN)).isEqualTo(new Verdict.Refused(Reason.EXPIRED));
        clock.advance(Duration.ofSeconds(1));
        assertThat(tokens.verify(TOKEN)).isInstanceOf(Verdict.Accepted.class);
        assertThat(server.requests()).hasSize(2);
    }

    @Test
    void rejectsARevokedTokenAfterHalfAMinute() {
        serve("");
        assertThat(tokens.verify(TOKEN)).isInstanceOf(Verdict.Accepted.class);
        server.answers(200, "{\"active\": false}");
        clock.advance(Duration.ofSeconds(30));
        assertThat(tokens.verify(TOKEN)).isEqualTo(new Verdict.Refused(Reason.INACTIVE));
        clock.advance(Duration.ofSeconds(29));
        assertThat(tokens.verify(TOKEN)).isEqualTo(new Verdict.Refused(Reason.INACTIVE));
        assertThat(server.requests()).hasSize(2);
    }

    @Test
    void doesNotUseACachedAnswerAfterItsTime() {
        serve("");
        assertThat(tokens.verify(TOKEN)).isInstanceOf(Verdict.Accepted.class);
        server.answers(500, "");
        assertThat(tokens.verify(TOKEN)).isInstanceOf(Verdict.Accepted.class);
        clock.advance(Duration.ofSeconds(30));
        assertUnknown(TOKEN);
    }

    @Test
    void sharesOneRequestAmongWaitingCallers() throws Exception {
        CountDownLatch open = new CountDownLatch(1);
        String good = active("");
        server.answers(
                request -> {
                    FaultyServer.await(open);
                    return new Answer(200, good);
                });
        tokens = introspecting(Map.of(), Duration.ofMinutes(1));
        try (ExecutorService many = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Verdict>> verdicts =
                    IntStream.range(0, 200)
                            .mapToObj(i -> many.submit(() -> tokens.verify(TOKEN)))
                            .toList();
            await().until(() -> server.requests().size() == 1);
            open.countDown();
            for (Future<Verdict> verdict : verdicts) {
                assertThat(verdict.get()).isInstanceOf(Verdict.Accepted.class);
            }
        }
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void asksAboutAKnownTokenDespiteManyUnknownOnes() throws Exception {
        CountDownLatch open = new CountDownLatch(1);
        String good = active("");
        server.answers(
                request -> {
                    if (request.body().contains("made-up")) {
                        FaultyServer.await(open);
                        return new Answer(200, "{\"active\": false}");
                    }
                    return new Answer(200, good);
                });
        tokens = introspecting(Map.of(), Duration.ofMinutes(1));
        assertThat(tokens.verify(TOKEN)).isInstanceOf(Verdict.Accepted.class);
        clock.advance(Duration.ofSeconds(30));
        try (ExecutorService many = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Verdict>> verdicts = new ArrayList<>();
            for (int i = 0; i < 2 * AnswerCache.AT_ONCE; i++) {
                String madeUp = "made-up-" + i;
                verdicts.add(many.submit(() -> tokens.verify(madeUp)));
            }
            await().until(() -> server.requests().size() == 1 + AnswerCache.AT_ONCE / 2);

            assertThat(tokens.verify(TOKEN)).isInstanceOf(Verdict.Accepted.class);
            // an unknown token from another address than the made-up ones
            AtomicReference<Verdict> other = new AtomicReference<>();
            TokenOrigin.run(
                    InetAddress.ofLiteral("192.0.2.1"), () -> other.set(tokens.verify("other")));
            assertThat(other.get()).isInstanceOf(Verdict.Accepted.class);
            assertThat(tokens.verify("one more")).isEqualTo(new Verdict.KeysUnavailable());

            open.countDown();
            for (Future<Verdict> verdict : verdicts) {
                assertThat(verdict.get())
                        .isIn(new Verdict.Refused(Reason.INACTIVE), new Verdict.KeysUnavailable());
            }
        }
    }

    @Test
    void logsAnOutageOnceAndNeverTheResponse() {
        try (LogWatch log = new LogWatch()) {
            server.answers(500, TOKEN);
            assertUnknown(TOKEN);
            assertUnknown("another");
            assertThat(log.lines())
                    .filteredOn(line -> line.contains("Answers about tokens"))
                    .singleElement()
                    .asString()
                    .contains("opaque", "status 200")
                    .doesNotContain(TOKEN);
        }
    }

    @Test
    void grantsScopesByRoleOfTheValidationEndpoint() {
        validating("admin=*,user=think.run,user=think.read,admin=audit.read");
        server.answers(200, validated("[\"user\", \"unheard\"]", Long.toString(in(60))));
        assertThat(scopes(TOKEN)).containsExactlyInAnyOrder("think.run", "think.read");
        assertThat(server.requests().getFirst().body()).isEqualTo("{\"token\":\"" + TOKEN + "\"}");
        assertThat(server.requests().getFirst().headers())
                .containsEntry("content-type", "application/json")
                .doesNotContainKey("authorization");

        server.answers(200, validated("[\"admin\"]", "\"2026-03-01T13:01:00+01:00\""));
        assertThat(scopes("admins"))
                .containsExactlyInAnyOrder("every.scope", "there.is", "audit.read");
        clock.advance(Duration.ofSeconds(90));
        assertThat(tokens.verify("admins")).isEqualTo(new Verdict.Refused(Reason.EXPIRED));

        server.answers(200, validated("[]", Long.toString(in(60))));
        assertThat(scopes("nobodys")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "INACTIVE | {\"valid\":false}",
                "NO_CALLER | {\"valid\":true,\"username\":\"a\",\"roles\":[],\"expires_at\":9999999999}",
                "NO_EXPIRY | {\"valid\":true,\"sub\":\"a\",\"roles\":[\"admin\"]}",
                "MALFORMED | {\"valid\":true,\"sub\":7,\"roles\":[],\"expires_at\":9999999999}"
            })
    void rejectsTokensThatTheValidationEndpointDoesNotConfirm(Reason reason, String answer) {
        validating("admin=*");
        server.answers(200, answer);
        assertThat(tokens.verify(TOKEN)).isEqualTo(new Verdict.Refused(reason));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"valid\":\"yes\"}",
                "{\"active\":true}",
                "{\"valid\":true,\"sub\":\"a\",\"roles\":\"admin\",\"expires_at\":9999999999}",
                "{\"valid\":true,\"sub\":\"a\",\"roles\":{\"a\":\"admin\"},\"expires_at\":9999999999}",
                "{\"valid\":true,\"sub\":\"a\",\"roles\":[1],\"expires_at\":9999999999}",
                "{\"valid\":true,\"sub\":\"a\",\"roles\":[],\"expires_at\":\"soon\"}"
            })
    void treatsAMalformedAnswerAsUnavailable(String answer) {
        validating("admin=*");
        server.answers(200, answer);
        assertUnknown(TOKEN);
    }

    @Test
    void doesNotAskAboutATokenThatIsTooLong() {
        assertThat(tokens.verify("x".repeat(16 * 1024 + 1)))
                .isEqualTo(new Verdict.Refused(Reason.MALFORMED));
        assertThat(server.requests()).isEmpty();
    }

    private void assertUnknown(String token) {
        assertThat(tokens.verify(token)).isEqualTo(new Verdict.KeysUnavailable());
    }

    private Set<String> scopes(String token) {
        return ((Verdict.Accepted) tokens.verify(token)).token().scopes();
    }

    private void serve(String more) {
        server.answers(200, active(more));
    }

    private String active(String more) {
        return "{\"active\":true,\"sub\":\"a\",\"exp\":%d%s}".formatted(in(600), more);
    }

    private static String validated(String roles, String end) {
        return "{\"valid\":true,\"sub\":\"a\",\"username\":\"A\",\"roles\":%s,\"expires_at\":%s}"
                .formatted(roles, end);
    }

    private long in(int seconds) {
        return clock.instant().plusSeconds(seconds).getEpochSecond();
    }

    private OpaqueTokens introspecting(Map<String, String> more) throws IOException {
        return introspecting(more, SHORT);
    }

    private OpaqueTokens introspecting(Map<String, String> more, Duration timeout)
            throws IOException {
        Path secret = Files.writeString(folder.resolve("secret"), "s &æ\n");
        Map<String, String> set =
                new HashMap<>(
                        Map.of(
                                "INTROSPECT_URL",
                                server.url("/introspect").toString(),
                                "INTROSPECT_CLIENT_ID",
                                "door:1",
                                "INTROSPECT_CLIENT_SECRET_PATH",
                                secret.toString(),
                                "OPAQUE_ISSUER",
                                "opaque"));
        set.putAll(more);
        return open(set, timeout);
    }

    private void validating(String roleScopes) {
        tokens =
                open(
                        Map.of(
                                "VALIDATE_URL",
                                server.url("/v1/token/validate").toString(),
                                "OPAQUE_ISSUER",
                                "opaque",
                                "ROLE_SCOPES",
                                roleScopes),
                        SHORT);
    }

    private OpaqueTokens open(Map<String, String> set, Duration timeout) {
        return new OpaqueTokens(
                OpaqueSettings.with(set),
                Optional.of("door"),
                Set.of("every.scope", "there.is"),
                new BoundedHttp(timeout, OpaqueTokens.LARGEST),
                clock,
                failures::incrementAndGet);
    }
}

package services.chorus.seqthink.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import services.chorus.seqthink.policy.FetchException.Problem;
import services.chorus.seqthink.policy.KeyLookup.Found;
import services.chorus.seqthink.policy.KeyLookup.Unavailable;
import services.chorus.seqthink.policy.KeyLookup.Unknown;

/** How a key set refreshes its keys, and what it does when fetches fail. */
class KeySetFreshnessTest {

    private static final SigningKey KEY = SigningKey.ec("key-1");
    private static final SigningKey NEXT = SigningKey.ec("key-2");
    private static final String JWKS = SigningKey.jwks(KEY);
    private static final Duration DUE = Duration.ofMinutes(8); // ahead of the usual ten

    private final MutableClock clock = new MutableClock();
    private final JwksServer server = new JwksServer(JWKS);
    private final RawServer raw = new RawServer(JWKS);
    private Optional<KeySet> opened = Optional.empty();

    @AfterEach
    void close() throws IOException {
        opened.ifPresent(KeySet::close);
        server.close();
        raw.close();
    }

    private KeySet ready(URI url) {
        KeySet keys =
                KeySet.open(
                        "https://issuer.example",
                        JwksServer.source(url, Duration.ofMillis(500)),
                        KeySet.MAX_STALE,
                        clock,
                        TestPace.quick(clock));
        opened = Optional.of(keys);
        await().until(keys::ready);
        return keys;
    }

    private static KeyLookup find(KeySet keys, String keyId) {
        return keys.find(Optional.of(keyId), SignatureAlgorithm.ES256);
    }

    enum Failure {
        STATUS_500(Problem.WRONG_STATUS) {
            @Override
            void afflict(JwksServer server) {
                server.answer(500, JWKS);
            }
        },
        HTML(Problem.NO_KEY_SET) {
            @Override
            void afflict(JwksServer server) {
                server.answer(200, "<html><body>Sign in</body></html>");
            }
        },
        EMPTY_OBJECT(Problem.NO_KEY_SET) {
            @Override
            void afflict(JwksServer server) {
                server.answer(200, "{}");
            }
        },
        NO_KEYS(Problem.NO_USABLE_KEY) {
            @Override
            void afflict(JwksServer server) {
                server.answer(200, "{\"keys\":[]}");
            }
        },
        HUGE(Problem.UNREACHABLE) {
            @Override
            void afflict(JwksServer server) {
                server.answer(200, JWKS + " ".repeat(256 * 1024));
            }
        },
        WRONG_KEY(Problem.NO_USABLE_KEY) {
            @Override
            void afflict(JwksServer server) {
                server.answer(
                        200,
                        SigningKey.jwks(
                                List.of(
                                        KEY.jwkWith("use", "enc"),
                                        SigningKey.generate("key-1", SignatureAlgorithm.RS256, 1024)
                                                .jwk())));
            }
        },
        HANGING(Problem.TIMED_OUT) {
            @Override
            void afflict(JwksServer server) {
                server.hang();
            }
        },
        GONE(Problem.UNREACHABLE) {
            @Override
            void afflict(JwksServer server) {
                server.close();
            }
        };

        private final Problem problem;

        Failure(Problem problem) {
            this.problem = problem;
        }

        abstract void afflict(JwksServer server);
    }

    @ParameterizedTest
    @EnumSource
    void keepsKnownKeysWhenTheEndpointFails(Failure failure) {
        KeySet keys = ready(server.url());
        failure.afflict(server);
        clock.advance(DUE);

        await().until(() -> keys.problem().equals(Optional.of(failure.problem)));

        assertKnownKeysServe(keys);
    }

    @ParameterizedTest
    @EnumSource(
            value = RawServer.Manner.class,
            names = {"HANG", "RESET", "DRIP"})
    void keepsKnownKeysWhenTheConnectionFails(RawServer.Manner manner) {
        KeySet keys = ready(raw.url());
        raw.behave(manner);
        clock.advance(DUE);

        await().until(() -> keys.problem().isPresent());

        assertThat(keys.problem())
                .contains(
                        manner == RawServer.Manner.RESET ? Problem.UNREACHABLE : Problem.TIMED_OUT);
        assertKnownKeysServe(keys);
        raw.behave(RawServer.Manner.SERVE);
        clock.advance(FetchPace.RETRY);
        await().until(() -> keys.problem().isEmpty());
        assertThat(keys.age()).contains(Duration.ZERO);
    }

    private void assertKnownKeysServe(KeySet keys) {
        assertThat(find(keys, "key-1")).isInstanceOf(Found.class);
        assertThat(keys.ready()).isTrue();
        assertThat(keys.age()).contains(DUE);
        assertThat(find(keys, "key-2")).isEqualTo(new Unavailable());
    }

    @Test
    void dropsKeysThatAreTooOld() {
        KeySet keys = ready(server.url());
        server.answer(500, "");
        clock.advance(Duration.ofHours(24).minusSeconds(1));
        assertThat(find(keys, "key-1")).isInstanceOf(Found.class);

        clock.advance(Duration.ofSeconds(1));

        assertThat(keys.ready()).isFalse();
        assertThat(find(keys, "key-1")).isEqualTo(new Unavailable());
    }

    @Test
    void recoversByItselfWhenTheFirstFetchFailed() {
        server.answer(500, "");
        KeySet keys =
                KeySet.open(
                        "https://issuer.example",
                        JwksServer.source(server.url(), HttpKeySource.TIMEOUT),
                        KeySet.MAX_STALE,
                        clock);
        opened = Optional.of(keys);
        await().until(() -> keys.problem().isPresent());
        assertThat(keys.ready()).isFalse();
        assertThat(keys.age()).isEmpty();

        server.serve(JWKS);
        clock.advance(FetchPace.RETRY);

        await().until(keys::ready);
        await().until(() -> keys.problem().isEmpty());
    }

    @Test
    void recoversWithTheFirstCallerWhenTheFirstFetchFailed() {
        server.answer(500, "");
        KeySet keys =
                KeySet.open(
                        "https://issuer.example",
                        JwksServer.source(server.url(), HttpKeySource.TIMEOUT),
                        KeySet.MAX_STALE,
                        clock);
        opened = Optional.of(keys);
        await().until(() -> keys.problem().isPresent());

        server.serve(JWKS);

        assertThat(find(keys, "key-1")).isInstanceOf(Found.class);
    }

    @ParameterizedTest
    @CsvSource({
        "max-age=1, PT48S",
        "max-age=100, PT80S",
        "max-age=3600, PT48M",
        "max-age=86400, PT48M",
        "no-store, PT8M"
    })
    void refreshesAheadOfExpiry(String cacheControl, Duration due) {
        server.serve(JWKS, cacheControl);
        KeySet keys = ready(server.url());

        clock.advance(due.minusSeconds(1));
        await().during(Duration.ofMillis(100)).until(() -> server.fetches() == 1);
        clock.advance(Duration.ofSeconds(1));

        await().until(() -> server.fetches() == 2);
        await().until(() -> keys.age().equals(Optional.of(Duration.ZERO)));
    }

    @Test
    void dropsAKeyThatItsIssuerRemoved() {
        KeySet keys = ready(server.url());
        server.serve(SigningKey.jwks(NEXT));
        clock.advance(DUE);
        await().until(() -> keys.age().equals(Optional.of(Duration.ZERO)));

        assertThat(find(keys, "key-2")).isInstanceOf(Found.class);
        assertThat(find(keys, "key-1")).isEqualTo(new Unknown());
    }
}

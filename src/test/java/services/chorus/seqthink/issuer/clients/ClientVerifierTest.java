package services.chorus.seqthink.issuer.clients;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import services.chorus.seqthink.issuer.clients.ClientVerifier.Verification;
import services.chorus.seqthink.issuer.clients.ClientVerifier.Verification.Busy;
import services.chorus.seqthink.issuer.clients.ClientVerifier.Verification.Refused;
import services.chorus.seqthink.issuer.clients.ClientVerifier.Verification.Verified;
import services.chorus.seqthink.issuer.clients.ClientVerifier.VerifiedSecrets;
import services.chorus.seqthink.testing.HandMovedClock;

class ClientVerifierTest {

    private static final InetAddress ORIGIN = InetAddress.ofLiteral("192.0.2.1");
    private static final Duration LIFE = Duration.ofDays(1);

    private final HandMovedClock clock = new HandMovedClock();

    @TempDir private Path folder;

    private Asserting asserting;
    private Clients clients;
    private ClientSecret secret;

    @BeforeEach
    void registerAnAgent() {
        asserting = Asserting.in(folder, clock);
        clients = asserting.clients();
        secret =
                Registrations.add(
                        clients,
                        Registrations.of(
                                "agent",
                                Set.of("run"),
                                Optional.empty(),
                                Optional.of(clock.instant().plus(LIFE))));
    }

    @Test
    void verifiesAClientByItsSecret() {
        ClientVerifier verifier = verifier(1);

        assertThat(verify(verifier, "agent", secret))
                .isInstanceOfSatisfying(
                        Verified.class,
                        verified -> assertThat(verified.client().clientId()).isEqualTo("agent"));
    }

    @Test
    void refusesAnotherSecretBeforeAndAfterTheRightOne() {
        ClientVerifier verifier = verifier(1);

        assertThat(verify(verifier, "agent", other())).isInstanceOf(Refused.class);
        assertThat(verify(verifier, "agent", secret)).isInstanceOf(Verified.class);
        assertThat(verify(verifier, "agent", other())).isInstanceOf(Refused.class);
    }

    @Test
    void refusesAnUnknownClient() {
        assertThat(verify(verifier(1), "nobody", secret)).isInstanceOf(Refused.class);
    }

    @Test
    void refusesAClientFromTheInstantItExpires() {
        ClientVerifier verifier = verifier(1);
        clock.advance(LIFE.minusSeconds(1));
        assertThat(verify(verifier, "agent", secret)).isInstanceOf(Verified.class);

        clock.advance(Duration.ofSeconds(1));
        assertThat(verify(verifier, "agent", secret)).isInstanceOf(Refused.class);
    }

    @Test
    void refusesAClientThatWasDisabledAfterItsSecretWasVerified() {
        ClientVerifier verifier = verifier(1);
        assertThat(verify(verifier, "agent", secret)).isInstanceOf(Verified.class);

        // by another process, such as a command
        Clients.open(folder.resolve("clients.json"), clock).disable("agent");
        clock.advance(Duration.ofSeconds(2));
        assertThat(verify(verifier, "agent", secret)).isInstanceOf(Refused.class);
    }

    @Test
    void refusesAClientThatWasRemoved() {
        ClientVerifier verifier = verifier(1);
        assertThat(verify(verifier, "agent", secret)).isInstanceOf(Verified.class);

        clients.remove("agent");
        assertThat(verify(verifier, "agent", secret)).isInstanceOf(Refused.class);
    }

    @Test
    void refusesAReplacedSecretAtOnce() {
        ClientVerifier verifier = verifier(1);
        assertThat(verify(verifier, "agent", secret)).isInstanceOf(Verified.class);
        clients.rotate("agent", other(), Duration.ZERO);

        assertThat(verify(verifier, "agent", secret)).isInstanceOf(Refused.class);
        assertThat(verify(verifier, "agent", other())).isInstanceOf(Verified.class);
    }

    @Test
    void acceptsAReplacedSecretUntilItExpires() {
        ClientVerifier verifier = verifier(1);
        clients.rotate("agent", other(), Duration.ofHours(1));

        clock.advance(Duration.ofHours(1).minusSeconds(1));
        assertThat(verify(verifier, "agent", secret)).isInstanceOf(Verified.class);
        assertThat(verify(verifier, "agent", other())).isInstanceOf(Verified.class);
        assertThat(verify(verifier, "agent", third())).isInstanceOf(Refused.class);

        clock.advance(Duration.ofSeconds(1));
        assertThat(verify(verifier, "agent", secret)).isInstanceOf(Refused.class);
        assertThat(verify(verifier, "agent", other())).isInstanceOf(Verified.class);
    }

    @Test
    void acceptsOnlyTheLastFormerSecret() {
        ClientVerifier verifier = verifier(1);
        clients.rotate("agent", other(), Duration.ofHours(1));
        clients.rotate("agent", third(), Duration.ofHours(1));

        assertThat(verify(verifier, "agent", secret)).isInstanceOf(Refused.class);
        assertThat(verify(verifier, "agent", other())).isInstanceOf(Verified.class);
        assertThat(verify(verifier, "agent", third())).isInstanceOf(Verified.class);
    }

    @Test
    void recordsUseOfVerifiedClientsOnly() {
        ClientVerifier verifier = verifier(1);
        verify(verifier, "agent", other());
        assertThat(asserting.used().times()).isEmpty();

        verify(verifier, "agent", secret);
        assertThat(asserting.used().times()).containsExactly(entry("agent", clock.instant()));
    }

    @Test
    void isBusyWhileTooManySecretsAreBeingHashed() {
        assertThat(verify(verifier(0), "agent", secret)).isInstanceOf(Busy.class);
    }

    @Test
    void oneAddressLeavesHashesForOthers() throws Exception {
        ClientVerifier verifier = verifier(4);
        InetAddress greedy = InetAddress.ofLiteral("2001:db8::1");
        AtomicBoolean done = new AtomicBoolean();
        AtomicInteger refused = new AtomicInteger();
        Runnable guess =
                () -> {
                    if (verifier.verify(new ClientCredentials.Secret("nobody", other()), greedy)
                            instanceof Busy) {
                        refused.incrementAndGet();
                        Thread.yield();
                    }
                };
        Runnable flood =
                () -> {
                    while (!done.get()) {
                        guess.run();
                    }
                };
        // virtual threads would leave no processor to other tests
        List<Thread> threads =
                Stream.generate(() -> Thread.ofPlatform().daemon().start(flood)).limit(16).toList();
        try {
            await().until(() -> refused.get() > 0);

            for (int round = 0; round < 20; round++) {
                assertThat(verify(verifier, "agent", other())).isInstanceOf(Refused.class);
            }
        } finally {
            done.set(true);
            for (Thread each : threads) {
                each.join();
            }
        }
    }

    @Test
    void isBusyForAnUnknownClientToo() {
        assertThat(verify(verifier(0), "nobody", secret)).isInstanceOf(Busy.class);
    }

    @Test
    void hashesForAnUnknownClientToo() {
        ClientVerifier verifier = verifier(1);

        // a hash takes tens of milliseconds, a look-up microseconds
        assertThat(leastNanos(verifier, "nobody")).isGreaterThan(leastNanos(verifier, "agent") / 4);
    }

    @Test
    void releasesEachPermit() {
        ClientVerifier verifier = verifier(1);

        for (int round = 0; round < 3; round++) {
            assertThat(verify(verifier, "agent", other())).isInstanceOf(Refused.class);
        }
    }

    @Test
    void remembersAVerifiedSecretForAMinute() {
        SecretHash hash = SecretHash.of(secret);
        var verified = new VerifiedSecrets(clock);
        assertThat(verified.remembers(hash, secret)).isFalse();

        verified.remember(hash, secret);
        clock.advance(Duration.ofSeconds(59));
        assertThat(verified.remembers(hash, secret)).isTrue();
        assertThat(verified.remembers(hash, other())).isFalse();

        clock.advance(Duration.ofSeconds(1));
        assertThat(verified.remembers(hash, secret)).isFalse();
    }

    @Test
    void forgetsAVerifiedSecretOnceTheStoredHashIsAnother() {
        SecretHash hash = SecretHash.of(secret);
        var verified = new VerifiedSecrets(clock);
        verified.remember(hash, secret);

        assertThat(verified.remembers(hash.ofAnother(other()), secret)).isFalse();
    }

    private static long leastNanos(ClientVerifier verifier, String clientId) {
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 5; round++) {
            long start = System.nanoTime();
            assertThat(verify(verifier, clientId, other())).isInstanceOf(Refused.class);
            least = Math.min(least, System.nanoTime() - start);
        }
        return least;
    }

    private ClientVerifier verifier(int atOnce) {
        return asserting.verifier(atOnce);
    }

    private static Verification verify(
            ClientVerifier verifier, String clientId, ClientSecret secret) {
        return verifier.verify(new ClientCredentials.Secret(clientId, secret), ORIGIN);
    }

    private static ClientSecret third() {
        return ClientSecret.of("one more secret that is long enough".getBytes(US_ASCII));
    }

    private static ClientSecret other() {
        return ClientSecret.of("another secret that is long enough".getBytes(US_ASCII));
    }
}

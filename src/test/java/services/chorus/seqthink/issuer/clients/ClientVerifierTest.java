package services.chorus.seqthink.issuer.clients;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import services.chorus.seqthink.issuer.clients.Verification.Busy;
import services.chorus.seqthink.issuer.clients.Verification.Refused;
import services.chorus.seqthink.issuer.clients.Verification.Verified;
import services.chorus.seqthink.testing.HandMovedClock;
import services.chorus.seqthink.testing.States;

class ClientVerifierTest {

    private static final Duration LIFE = Duration.ofDays(1);

    private final HandMovedClock clock = new HandMovedClock();

    @TempDir private Path folder;

    private Path path;
    private Clients clients;
    private ClientSecret secret;

    @BeforeEach
    void registerAnAgent() {
        path = folder.resolve("clients.json");
        clients = Clients.open(path, clock);
        secret =
                clients.add(
                        new Registration(
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
    void refusesAClientThatWasDisabledSinceItsSecretWasVerified() throws IOException {
        ClientVerifier verifier = verifier(1);
        assertThat(verify(verifier, "agent", secret)).isInstanceOf(Verified.class);

        String content = Files.readString(path);
        assertThat(content).contains("\"disabled\" : false");
        Files.writeString(path, content.replace("\"disabled\" : false", "\"disabled\" : true"));
        clock.advance(Duration.ofSeconds(2));
        assertThat(verify(verifier, "agent", secret)).isInstanceOf(Refused.class);
    }

    @Test
    void isBusyWhileTooManySecretsAreBeingHashed() {
        assertThat(verify(verifier(0), "agent", secret)).isInstanceOf(Busy.class);
    }

    @Test
    void wantsToHashForAnUnknownClientToo() {
        assertThat(verify(verifier(0), "nobody", secret)).isInstanceOf(Busy.class);
    }

    @Test
    void takesItsTimeForAnUnknownClientToo() {
        ClientVerifier verifier = verifier(1);

        // a hash takes tens of milliseconds, a look-up some microseconds
        assertThat(leastNanos(verifier, "nobody")).isGreaterThan(leastNanos(verifier, "agent") / 4);
    }

    @Test
    void givesEachTurnBack() {
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
        return new ClientVerifier(
                clients,
                new AssertionVerifier(
                        "https://tokens.example",
                        () -> AssertionMemory.lasting(States.inMemory()),
                        clock),
                clock,
                atOnce);
    }

    private static Verification verify(
            ClientVerifier verifier, String clientId, ClientSecret secret) {
        return verifier.verify(new Credentials.Secret(clientId, secret));
    }

    private static ClientSecret other() {
        return ClientSecret.of("another secret that is long enough".getBytes(US_ASCII));
    }
}

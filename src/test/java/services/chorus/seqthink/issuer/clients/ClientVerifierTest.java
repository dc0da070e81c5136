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

        assertThat(verifier.verify("agent", secret))
                .isInstanceOfSatisfying(
                        Verified.class,
                        verified -> assertThat(verified.client().clientId()).isEqualTo("agent"));
    }

    @Test
    void refusesAnotherSecretBeforeAndAfterTheRightOne() {
        ClientVerifier verifier = verifier(1);

        assertThat(verifier.verify("agent", other())).isInstanceOf(Refused.class);
        assertThat(verifier.verify("agent", secret)).isInstanceOf(Verified.class);
        assertThat(verifier.verify("agent", other())).isInstanceOf(Refused.class);
    }

    @Test
    void refusesAnUnknownClient() {
        assertThat(verifier(1).verify("nobody", secret)).isInstanceOf(Refused.class);
    }

    @Test
    void refusesAClientFromTheInstantItExpires() {
        ClientVerifier verifier = verifier(1);
        clock.advance(LIFE.minusSeconds(1));
        assertThat(verifier.verify("agent", secret)).isInstanceOf(Verified.class);

        clock.advance(Duration.ofSeconds(1));
        assertThat(verifier.verify("agent", secret)).isInstanceOf(Refused.class);
    }

    @Test
    void refusesAClientThatWasDisabledSinceItsSecretWasVerified() throws IOException {
        ClientVerifier verifier = verifier(1);
        assertThat(verifier.verify("agent", secret)).isInstanceOf(Verified.class);

        String content = Files.readString(path);
        assertThat(content).contains("\"disabled\" : false");
        Files.writeString(path, content.replace("\"disabled\" : false", "\"disabled\" : true"));
        clock.advance(Duration.ofSeconds(2));
        assertThat(verifier.verify("agent", secret)).isInstanceOf(Refused.class);
    }

    @Test
    void isBusyWhileTooManySecretsAreBeingHashed() {
        assertThat(verifier(0).verify("agent", secret)).isInstanceOf(Busy.class);
    }

    @Test
    void wantsToHashForAnUnknownClientToo() {
        assertThat(verifier(0).verify("nobody", secret)).isInstanceOf(Busy.class);
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
            assertThat(verifier.verify("agent", other())).isInstanceOf(Refused.class);
        }
    }

    @Test
    void remembersAVerifiedSecretForAMinute() {
        Client agent = clients.find("agent").orElseThrow();
        var verified = new VerifiedSecrets(clock);
        assertThat(verified.remembers(agent, secret)).isFalse();

        verified.remember(agent, secret);
        clock.advance(Duration.ofSeconds(59));
        assertThat(verified.remembers(agent, secret)).isTrue();
        assertThat(verified.remembers(agent, other())).isFalse();

        clock.advance(Duration.ofSeconds(1));
        assertThat(verified.remembers(agent, secret)).isFalse();
    }

    @Test
    void forgetsAVerifiedSecretOnceTheStoredHashIsAnother() {
        Client agent = clients.find("agent").orElseThrow();
        var verified = new VerifiedSecrets(clock);
        verified.remember(agent, secret);

        var again = new Registration("agent", Set.of("run"), Optional.empty(), Optional.empty());
        Client changed = Client.of(again, SecretHash.of(other()), clock.instant());
        assertThat(verified.remembers(changed, secret)).isFalse();
    }

    private static long leastNanos(ClientVerifier verifier, String clientId) {
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 5; round++) {
            long start = System.nanoTime();
            assertThat(verifier.verify(clientId, other())).isInstanceOf(Refused.class);
            least = Math.min(least, System.nanoTime() - start);
        }
        return least;
    }

    private ClientVerifier verifier(int atOnce) {
        return new ClientVerifier(clients, clock, atOnce);
    }

    private static ClientSecret other() {
        return ClientSecret.of("another secret that is long enough".getBytes(US_ASCII));
    }
}

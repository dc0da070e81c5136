package services.chorus.seqthink.issuer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import services.chorus.seqthink.issuer.clients.Client;
import services.chorus.seqthink.issuer.clients.Clients;
import services.chorus.seqthink.issuer.clients.Registrations;
import services.chorus.seqthink.policy.dpop.Proof;
import services.chorus.seqthink.policy.dpop.ProofGuard;
import services.chorus.seqthink.testing.HandMovedClock;
import services.chorus.seqthink.testing.States;
import services.chorus.seqthink.testing.WatchedState;

class KeyBindingTest {

    private static final Proof PROOF = new Proof("1", "thumbprint", Optional.empty());

    private final HandMovedClock clock = new HandMovedClock();
    private final WatchedState state = new WatchedState(States.inMemory(clock), true);

    @TempDir private Path folder;

    @Test
    void refusesAProofWhileTheStateIsUnavailable() throws OAuthException {
        Client agent = agent();
        state.fail("dpop");
        assertThatExceptionOfType(OAuthException.class)
                .isThrownBy(() -> binding().once(PROOF, agent))
                .matches(refused -> refused.code() == OAuthException.Code.TEMPORARILY_UNAVAILABLE);

        state.fail("");
        assertThat(binding().once(PROOF, agent)).isEqualTo(PROOF);
    }

    private KeyBinding binding() {
        var issuer =
                new Issuer(
                        IssuerConfigs.complete(folder),
                        () -> {
                            throw new AssertionError("No client sends an assertion here");
                        },
                        clock);
        var guard = new ProofGuard(state, Duration.ofMinutes(1), 10);
        return new KeyBinding(
                issuer,
                () -> {
                    throw new AssertionError("Nothing is verified here");
                },
                () -> guard);
    }

    private Client agent() {
        Clients clients = Clients.open(folder.resolve("clients.json"), clock);
        Registrations.add(
                        clients,
                        Registrations.of(
                                "agent", Set.of("run"), Optional.empty(), Optional.empty()))
                .close();
        return clients.find("agent").orElseThrow();
    }
}

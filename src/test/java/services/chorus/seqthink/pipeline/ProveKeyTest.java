package services.chorus.seqthink.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.policy.AccessToken;
import services.chorus.seqthink.policy.Caller;
import services.chorus.seqthink.policy.dpop.Proof;
import services.chorus.seqthink.policy.dpop.ProofFault;
import services.chorus.seqthink.policy.dpop.ProofGuard;
import services.chorus.seqthink.policy.dpop.ProofVerifier;
import services.chorus.seqthink.telemetry.Meters;
import services.chorus.seqthink.testing.Client;
import services.chorus.seqthink.testing.States;
import services.chorus.seqthink.testing.WatchedState;

/** Verifies proofs against the content; DpopRouteTest tests the rest. */
class ProveKeyTest {

    private static final byte[] CONTENT = "content".getBytes(UTF_8);
    private static final Optional<String> KEY = Optional.of("thumbprint");
    private static final Duration WINDOW = Duration.ofSeconds(60);

    private final WatchedState state = new WatchedState(States.inMemory(), true);
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ProveKey stage =
            new ProveKey(
                    new ProofVerifier(WINDOW, WINDOW, Instant.EPOCH, InstantSource.system()),
                    new ProofGuard(state, WINDOW, 10),
                    new PublicUrl("https://door.example"),
                    () -> false,
                    new Meters(registry));

    private void require(Optional<String> boundTo, Optional<Proof> proof) throws Refused {
        AccessToken claims =
                new AccessToken(
                        new Caller("https://issuer.example", Caller.Kind.SUBJECT, "caller"),
                        Set.of(),
                        Instant.MAX,
                        Optional.empty(),
                        Optional.empty(),
                        boundTo,
                        "hash");
        AuthenticatedCaller sender = AuthenticatedCaller.of("token", claims);
        Exchange exchange = new Exchange("/mcp/tool");
        exchange.authenticated(proof.map(sender::provenBy).orElse(sender));
        exchange.received(CONTENT);
        stage.content(exchange);
    }

    private static Optional<Proof> proof() {
        return Optional.of(new Proof("id", "thumbprint", Optional.of(Client.sha256(CONTENT))));
    }

    @Test
    void requiresNoProofForAnUnboundToken() throws Exception {
        require(Optional.empty(), Optional.empty());
    }

    @Test
    void rejectsABoundTokenWithoutAProof() {
        assertRefused(Optional.empty(), new Refused.InvalidProof(ProofFault.MISSING));
    }

    @Test
    void rejectsAProofForOtherContentWithoutRecordingIt() throws Exception {
        Proof other = new Proof("id", "thumbprint", Optional.of(Client.sha256(new byte[1])));

        assertRefused(Optional.of(other), new Refused.InvalidProof(ProofFault.OTHER_REQUEST));

        require(KEY, proof());
    }

    @Test
    void countsAReplayedProof() throws Exception {
        require(KEY, proof());

        assertRefused(proof(), new Refused.InvalidProof(ProofFault.USED));
        assertThat(registry.counter("seqthink.replays").count()).isEqualTo(1);
    }

    @Test
    void rejectsProofsWhileTheStateIsUnavailable() {
        state.fail("dpop");

        assertRefused(proof(), new Refused.Outside(Problem.STATE_UNAVAILABLE));
        assertThat(registry.counter("seqthink.state.failures").count()).isEqualTo(1);
    }

    private void assertRefused(Optional<Proof> proof, Refused.Cause reason) {
        assertThatThrownBy(() -> require(KEY, proof))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.reason()).isEqualTo(reason));
    }
}

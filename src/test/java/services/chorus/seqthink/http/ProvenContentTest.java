package services.chorus.seqthink.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.policy.Caller;
import services.chorus.seqthink.policy.dpop.Proof;
import services.chorus.seqthink.policy.dpop.ProofFault;
import services.chorus.seqthink.policy.dpop.ProofGuard;
import services.chorus.seqthink.telemetry.Meters;
import services.chorus.seqthink.testing.Client;
import services.chorus.seqthink.testing.States;
import services.chorus.seqthink.testing.WatchedState;

/** What the door does with a proof when the content is there; the rest by {@link DpopRouteTest}. */
class ProvenContentTest {

    private static final byte[] CONTENT = "content".getBytes(UTF_8);
    private static final Optional<String> KEY = Optional.of("thumbprint");

    private final WatchedState state = new WatchedState(States.inMemory(), true);
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ProvenContent proven =
            new ProvenContent(
                    new ProofGuard(state, Duration.ofSeconds(60), 10), new Meters(registry));
    private final AtomicInteger answered = new AtomicInteger();

    private void require(Optional<String> boundTo, Optional<Proof> proof) {
        Presented token =
                new Presented(
                        new Caller("https://issuer.example", Caller.Kind.SUBJECT, "caller"),
                        Set.of(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of("hash"),
                        Optional.empty(),
                        boundTo,
                        proof);
        proven.require(token, CONTENT, this::answer).await().atMost(Duration.ofSeconds(5));
    }

    private Uni<Response> answer() {
        answered.incrementAndGet();
        return Uni.createFrom().nullItem();
    }

    private static Optional<Proof> proof() {
        return Optional.of(new Proof("id", "thumbprint", Optional.of(Client.sha256(CONTENT))));
    }

    @Test
    void asksNothingOfATokenThatIsBoundToNoKey() {
        require(Optional.empty(), Optional.empty());

        assertThat(answered).hasValue(1);
    }

    @Test
    void answersNothingThatIsBoundAndNotProven() {
        assertThatThrownBy(() -> require(KEY, Optional.empty()))
                .isInstanceOfSatisfying(
                        ProofRefused.class,
                        refused -> assertThat(refused.fault()).isEqualTo(ProofFault.MISSING));
        assertThat(answered).hasValue(0);
    }

    @Test
    void countsAProofThatComesAgain() {
        require(KEY, proof());

        assertThatThrownBy(() -> require(KEY, proof()))
                .isInstanceOfSatisfying(
                        ProofRefused.class,
                        refused -> assertThat(refused.fault()).isEqualTo(ProofFault.USED));
        assertThat(answered).hasValue(1);
        assertThat(registry.counter("seqthink.replays").count()).isEqualTo(1);
    }

    @Test
    void answersNothingWhileNobodyCanTellWhetherAProofWasUsed() {
        state.fail("dpop");

        assertThatThrownBy(() -> require(KEY, proof()))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        thrown ->
                                assertThat(thrown.problem()).isEqualTo(Problem.STATE_UNAVAILABLE));
        assertThat(answered).hasValue(0);
        assertThat(registry.counter("seqthink.state.failures").count()).isEqualTo(1);
    }
}

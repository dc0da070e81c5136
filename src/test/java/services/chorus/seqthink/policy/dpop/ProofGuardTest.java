package services.chorus.seqthink.policy.dpop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.policy.Caller;
import services.chorus.seqthink.state.Admission;
import services.chorus.seqthink.testing.States;
import services.chorus.seqthink.testing.WatchedState;

class ProofGuardTest {

    private static final Duration WINDOW = Duration.ofSeconds(60);
    private static final int QUOTA = 3;

    private final AtomicReference<Instant> now =
            new AtomicReference<>(Instant.ofEpochSecond(1_900_000_000));
    private final WatchedState state = new WatchedState(States.inMemory(now::get), true);
    private final ProofGuard guard = new ProofGuard(state, WINDOW, QUOTA);

    private Admission admit(String caller, String id) {
        return guard.admit(
                new Caller("https://issuer.example", Caller.Kind.SUBJECT, caller),
                new Proof(id, "thumbprint", Optional.empty()));
    }

    @Test
    void admitsAProofOnce() {
        assertThat(admit("a", "first")).isEqualTo(Admission.ADMITTED);
        assertThat(admit("a", "first")).isEqualTo(Admission.KNOWN);
        assertThat(admit("a", "second")).isEqualTo(Admission.ADMITTED);
        assertThat(admit("b", "first")).isEqualTo(Admission.ADMITTED);
    }

    @Test
    void storesProofsForTwiceTheWindow() {
        admit("a", "first");

        now.updateAndGet(then -> then.plus(WINDOW.multipliedBy(2)).minusMillis(1));
        assertThat(admit("a", "first")).isEqualTo(Admission.KNOWN);

        now.updateAndGet(then -> then.plusMillis(1));
        assertThat(admit("a", "first")).isEqualTo(Admission.ADMITTED);
    }

    @Test
    void aFullQuotaAffectsItsCallerOnly() {
        for (int i = 0; i < QUOTA; i++) {
            assertThat(admit("flooder", "id" + i)).isEqualTo(Admission.ADMITTED);
        }
        assertThat(admit("flooder", "one more")).isEqualTo(Admission.FULL);
        assertThat(admit("other", "one more")).isEqualTo(Admission.ADMITTED);
    }

    @Test
    void admitsNothingWhenTheStateIsUnavailable() {
        state.fail("dpop");

        assertThat(admit("a", "first")).isEqualTo(Admission.UNAVAILABLE);
    }
}
